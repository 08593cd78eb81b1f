// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.cluster;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Peering;
import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;

/** Reads {@link ClusterFacts} from an API server. */
public final class FactsReader {
    private static final String READY = "Ready";

    private final ClusterAccess access;

    public FactsReader(ClusterAccess access) {
        this.access = access;
    }

    /** The facts as they stand, whether or not the gateway runs already. */
    public ClusterFacts read() {
        ClusterGateway gateway = gateway();
        return new ClusterFacts(
                gateway.getSpec().clusterID(),
                gateway,
                proxy(),
                access.list(Pool.class),
                access.list(Network.class),
                access.list(Peering.class),
                nodeAddresses());
    }

    /** What keeps the cluster from being peered now, in words; nothing if it is ready. */
    public Optional<String> notReady() {
        ClusterGateway gateway = gateway();
        var status = gateway.getStatus();
        if (status == null || status.publicKeys().isEmpty()) {
            return Optional.of("ClusterGateway " + Names.GATEWAY + " has no public key yet: is the gateway running?");
        }
        if (!Conditions.of(status.conditions()).holds(READY)) {
            return Optional.of(
                    "ClusterGateway " + Names.GATEWAY + " is not Ready" + message(Conditions.of(status.conditions())));
        }
        var ip = proxy().getStatus();
        if (ip == null || ip.externalIP() == null) {
            return Optional.of("IP " + Names.PROXY + " has no external address yet: is the controller running?");
        }
        return Conditions.of(ip.conditions()).holds(READY)
                ? Optional.empty()
                : Optional.of("IP " + Names.PROXY + " is not Ready" + message(Conditions.of(ip.conditions())));
    }

    private ClusterGateway gateway() {
        return required(ClusterGateway.class, Names.GATEWAY);
    }

    private IP proxy() {
        return required(IP.class, Names.PROXY);
    }

    private <T extends HasMetadata> T required(Class<T> kind, String name) {
        String what = kind.getSimpleName() + " " + Names.NAMESPACE + "/" + name;
        T found = access.find(kind, Names.NAMESPACE, name);
        if (found == null) {
            throw new CliException(
                    ExitCode.FAILED,
                    what + " does not exist in " + access.title(),
                    "install Hawser in this cluster first: see manifests/kustomize/example.");
        }
        return found;
    }

    /** Node addresses sharpen the preflight; who may not read nodes gets one without them. */
    private List<String> nodeAddresses() {
        return access.ask("listing nodes", FactsReader::internalAddresses);
    }

    private static List<String> internalAddresses(KubernetesClient client) {
        try {
            return client.nodes().list().getItems().stream()
                    .map(Node::getStatus)
                    .filter(status -> status != null && status.getAddresses() != null)
                    .flatMap(status -> status.getAddresses().stream())
                    .filter(address -> address.getType().equals("InternalIP"))
                    .map(address -> address.getAddress())
                    .toList();
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                return List.of();
            }
            throw e;
        }
    }

    private static String message(Conditions conditions) {
        return conditions
                .find(READY)
                .map(ready -> ": " + ready.getMessage())
                .orElse(": nobody has judged it yet; is the controller running?");
    }
}
