// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.List;

/**
 * What this cluster shows to its peers.
 *
 * @param podCidrs the pods' own ranges
 * @param externalCidrs the ranges that exposures and the gateway have their external addresses from
 * @param exposures addresses beside the pods
 */
public record LocalSide(List<Cidr> podCidrs, List<Cidr> externalCidrs, List<Exposure> exposures) {
    /** Copies the lists. */
    public LocalSide {
        podCidrs = List.copyOf(podCidrs);
        externalCidrs = List.copyOf(externalCidrs);
        exposures = List.copyOf(exposures);
    }

    /** The gateway addresses: the first usable one of each external CIDR. */
    public List<IpAddress> gatewayAddresses() {
        return externalCidrs.stream().map(Cidr::firstUsable).toList();
    }
}
