// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.cluster;

import dev.hawser.api.ipam.BlockIntent;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.ipam.PoolStatus;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Peering;
import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import dev.hawser.controller.plan.BlockPlan;
import dev.hawser.controller.plan.ClusterObjects;
import dev.hawser.controller.plan.NodeAddresses;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Reservation;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads {@link ClusterObjects} from an API server. */
public final class ObjectsReader {
    private final ClusterAccess access;

    /** A reader that has asked nothing yet. */
    public ObjectsReader(ClusterAccess access) {
        this.access = access;
    }

    /** The objects as they stand. Who may not list Nodes or Services gets what can be said without them. */
    public ClusterObjects read() {
        ClusterGateway gateway = access.required(ClusterGateway.class, Names.GATEWAY);
        return read(gateway, access.list(Peering.class));
    }

    /** The same, of which a part was read already. */
    ClusterObjects read(ClusterGateway gateway, List<Peering> peerings) {
        Optional<Pool> pool = Optional.ofNullable(access.find(Pool.class, Names.NAMESPACE, ObjectNames.POOL));
        Map<String, Configuration> configurations = access.list(Configuration.class).stream()
                .collect(Collectors.toMap(each -> each.getMetadata().getName(), Function.identity()));
        return new ClusterObjects(
                own(gateway),
                pool.map(Pool::getSpec),
                pool.map(Pool::getStatus).map(PoolStatus::intents).orElse(List.<BlockIntent>of()),
                access.list(Network.class).stream().map(ObjectsReader::claim).toList(),
                peerings.stream()
                        .map(peering -> peer(
                                peering,
                                configurations.get(peering.getMetadata().getName())))
                        .toList(),
                access
                        .ask(
                                "listing ip of all namespaces",
                                k -> k.resources(IP.class)
                                        .inAnyNamespace()
                                        .list()
                                        .getItems())
                        .stream()
                        .map(ObjectsReader::exposure)
                        .toList(),
                ifAllowed("listing nodes", k -> k.nodes().list().getItems()).stream()
                        .flatMap(node -> NodeAddresses.of(node).stream())
                        .toList(),
                ifAllowed(
                                "listing services",
                                k -> k.services().inAnyNamespace().list().getItems())
                        .stream()
                        .flatMap(ObjectsReader::addresses)
                        .toList());
    }

    private OwnCluster own(ClusterGateway gateway) {
        try {
            return OwnCluster.of(gateway.getSpec(), gateway.getStatus());
        } catch (AddressException unreadable) {
            throw new CliException(
                    ExitCode.FAILED,
                    "ClusterGateway " + Names.GATEWAY + " in " + access.title() + ": " + unreadable.getMessage(),
                    "correct its spec.",
                    unreadable);
        }
    }

    private <T extends HasMetadata> List<T> ifAllowed(String what, Function<KubernetesClient, List<T>> question) {
        return access.ask(what, client -> {
            try {
                return question.apply(client);
            } catch (KubernetesClientException e) {
                if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                    return List.of();
                }
                throw e;
            }
        });
    }

    private static BlockPlan.Claim claim(Network network) {
        return new BlockPlan.Claim(
                network.getMetadata().getName(),
                String.valueOf(network.getMetadata().getUid()),
                network.getSpec(),
                network.getStatus());
    }

    private static ClusterObjects.Peer peer(Peering peering, @Nullable Configuration configuration) {
        return new ClusterObjects.Peer(
                peering.getSpec(), peering.getStatus(), configuration == null ? null : configuration.getStatus());
    }

    private static ClusterObjects.Exposure exposure(IP ip) {
        return new ClusterObjects.Exposure(
                ip.getMetadata().getNamespace(), ip.getMetadata().getName(), ip.getSpec(), ip.getStatus());
    }

    private static Stream<Reservation> addresses(Service service) {
        String holder = "Service " + service.getMetadata().getNamespace() + "/"
                + service.getMetadata().getName();
        return Optional.ofNullable(service.getSpec().getClusterIPs()).orElse(List.of()).stream()
                .flatMap(text -> readable(text).stream())
                .map(address -> new Reservation(Cidr.host(address), holder));
    }

    private static Optional<IpAddress> readable(String text) {
        try {
            return Optional.of(IpAddress.parse(text));
        } catch (AddressException none) {
            // "None" is what a headless Service has.
            return Optional.empty();
        }
    }
}
