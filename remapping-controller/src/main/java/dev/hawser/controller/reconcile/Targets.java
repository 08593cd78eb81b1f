// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPSpec;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.controller.plan.BlockPlan;
import dev.hawser.controller.plan.Target;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Reservation;
import io.fabric8.kubernetes.api.model.Service;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What IP objects point at, and what they must not point at, as the view shows it. Safe for any thread. */
final class Targets {
    private record Guarded(long version, List<Reservation> reservations) {}

    private final ClusterView view;
    private volatile Guarded last = new Guarded(-1, List.of());

    Targets(ClusterView view) {
        this.view = view;
    }

    /** What an IP points at now. */
    Target of(IP ip) {
        IPSpec spec = ip.getSpec();
        if (spec.serviceRef() != null) {
            return ofService(ip.getMetadata().getNamespace(), spec.serviceRef().name());
        }
        if (spec.ip() != null) {
            return parsed("spec.ip", List.of(spec.ip()));
        }
        return new Target.Absent(
                "NoNodeAgent",
                "a node's address needs the node agent, which this version does not have; use serviceRef or ip");
    }

    /** Addresses of the API server, of nodes, and of peers. Every IP asks, so they are read only when they change. */
    List<Reservation> guarded() {
        Guarded known = last;
        long version = view.guardVersion();
        if (known.version() != version) {
            known = new Guarded(version, List.copyOf(read()));
            last = known;
        }
        return known.reservations();
    }

    private List<Reservation> read() {
        List<Reservation> guarded = new ArrayList<>();
        view.service("default", "kubernetes").stream()
                .flatMap(service -> service.getSpec().getClusterIPs().stream())
                .forEach(address -> add(guarded, address, "the API server (Service default/kubernetes)"));
        view.apiServers().stream()
                .flatMap(slice -> slice.getEndpoints().stream())
                .flatMap(endpoint -> endpoint.getAddresses().stream())
                .forEach(address -> add(guarded, address, "the API server"));
        view.nodes()
                .forEach(node -> node.getStatus()
                        .getAddresses()
                        .forEach(address -> add(
                                guarded,
                                address.getAddress(),
                                "Node " + node.getMetadata().getName())));
        view.networks().forEach(network -> addRemapped(guarded, network));
        return guarded;
    }

    private Target ofService(String namespace, String name) {
        Optional<Service> service = view.service(namespace, name);
        if (service.isEmpty()) {
            return new Target.Absent(
                    "NoService",
                    "there is no Service " + namespace + "/" + name + "; the address is kept until it comes");
        }
        List<String> addresses = service.get().getSpec().getClusterIPs();
        if (addresses.isEmpty() || addresses.contains("None")) {
            return new Target.Absent(
                    "NoClusterIP",
                    "Service " + namespace + "/" + name + " is headless or has no cluster IP; expose one that has");
        }
        return parsed("the cluster IP of Service " + namespace + "/" + name, addresses);
    }

    static Target parsed(String what, List<String> texts) {
        try {
            return new Target.Found(texts.stream().map(IpAddress::parse).toList());
        } catch (AddressException unreadable) {
            return new Target.Absent("Unreadable", what + ": " + unreadable.getMessage());
        }
    }

    private static void add(List<Reservation> guarded, String text, String whose) {
        hostOf(text).forEach(cidr -> guarded.add(new Reservation(cidr, whose)));
    }

    /** Nobody asked the peer whether others may reach it through us. */
    private static void addRemapped(List<Reservation> guarded, Network network) {
        OwnerReference owner = network.getSpec().owner();
        if (network.getSpec().purpose() == NetworkPurpose.Remapped && owner != null) {
            BlockPlan.recorded(network.getStatus())
                    .ifPresent(block -> guarded.add(new Reservation(block, "cluster \"" + owner.clusterID() + "\"")));
        }
    }

    /** Nodes list their names beside their addresses, and names are not what is guarded. */
    private static Stream<Cidr> hostOf(String text) {
        try {
            return Stream.of(Cidr.host(IpAddress.parse(text)));
        } catch (AddressException aName) {
            return Stream.empty();
        }
    }
}
