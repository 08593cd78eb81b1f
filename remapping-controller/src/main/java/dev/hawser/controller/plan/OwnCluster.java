// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.networking.ClusterGatewaySpec;
import dev.hawser.api.networking.ClusterGatewayStatus;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Reservation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * This cluster, as its ClusterGateway describes it. Immutable.
 *
 * @param exposeAllowList ranges that exposures may point into although they would be refused otherwise
 * @param publicKeys what the gateway published; empty before it started for the first time
 * @param endpoints what peers may dial; empty if this gateway only dials out
 * @param routes of the gateway's node that are not ours
 */
public record OwnCluster(
        String clusterID,
        List<Cidr> podCidrs,
        List<Cidr> serviceCidrs,
        List<Cidr> externalCidrs,
        List<Cidr> exposeAllowList,
        List<String> publicKeys,
        List<String> endpoints,
        List<HostRoute> routes) {
    public OwnCluster {
        podCidrs = List.copyOf(podCidrs);
        serviceCidrs = List.copyOf(serviceCidrs);
        externalCidrs = List.copyOf(externalCidrs);
        exposeAllowList = List.copyOf(exposeAllowList);
        publicKeys = List.copyOf(publicKeys);
        endpoints = List.copyOf(endpoints);
        routes = List.copyOf(routes);
    }

    /**
     * The cluster of a ClusterGateway.
     *
     * @throws dev.hawser.ipam.address.AddressException naming the first range that cannot be read
     */
    public static OwnCluster of(ClusterGatewaySpec spec, @Nullable ClusterGatewayStatus status) {
        return new OwnCluster(
                spec.clusterID(),
                cidrs(spec.podCIDRs()),
                cidrs(spec.serviceCIDRs()),
                cidrs(spec.externalCIDRs()),
                cidrs(spec.exposeAllowList()),
                status == null ? List.of() : status.publicKeys(),
                status == null ? List.of() : status.endpoints(),
                status == null ? List.of() : HostRoute.of(status.nodeRoutes()));
    }

    /** What no peer's range may be named, with who uses it. */
    public List<Reservation> reservations() {
        List<Reservation> all = new ArrayList<>();
        podCidrs.forEach(cidr -> all.add(new Reservation(cidr, "ClusterGateway this (pod CIDR)")));
        serviceCidrs.forEach(cidr -> all.add(new Reservation(cidr, "ClusterGateway this (service CIDR)")));
        externalCidrs.forEach(cidr -> all.add(new Reservation(cidr, "ClusterGateway this (external CIDR)")));
        return all;
    }

    /** The external CIDR that an address lies in. */
    public Optional<Cidr> externalCidrOf(IpAddress address) {
        return externalCidrs.stream().filter(cidr -> cidr.contains(address)).findFirst();
    }

    /** Whether anything here has addresses of that family: only then a peer's addresses of it are worth a name. */
    public boolean speaks(Family family) {
        return Stream.concat(podCidrs.stream(), externalCidrs.stream()).anyMatch(cidr -> cidr.family() == family);
    }

    /** Whether pods of this cluster have such addresses. */
    public boolean isPod(IpAddress address) {
        return podCidrs.stream().anyMatch(cidr -> cidr.contains(address));
    }

    static List<Cidr> cidrs(List<String> texts) {
        return texts.stream().map(Cidr::parse).toList();
    }

    static List<String> texts(List<Cidr> cidrs) {
        return cidrs.stream().map(Cidr::toString).toList();
    }
}
