// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.ipam.IPStatus;
import dev.hawser.ipam.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A local address and the external one that stands for it, both of one family. Immutable.
 *
 * @param local the address that peers are led to
 * @param external the address that they are told, before they rename it
 */
public record ExposedAddress(IpAddress local, IpAddress external) {
    /**
     * What an IP records. While its Service is away an external address stands for nothing, so for itself.
     *
     * @throws dev.hawser.ipam.address.AddressException if somebody's hand made it unreadable
     */
    public static List<ExposedAddress> recorded(IPStatus status) {
        List<IpAddress> locals = addresses(status.ip(), status.ips());
        List<ExposedAddress> recorded = new ArrayList<>();
        for (IpAddress external : addresses(status.externalIP(), status.externalIPs())) {
            IpAddress local = locals.stream()
                    .filter(address -> address.family() == external.family())
                    .findFirst()
                    .orElse(external);
            recorded.add(new ExposedAddress(local, external));
        }
        return recorded;
    }

    /** A version that knew one family only, or a hand, wrote the first address alone. */
    private static List<IpAddress> addresses(@Nullable String first, List<String> all) {
        List<String> texts = all.isEmpty() && first != null ? List.of(first) : all;
        return texts.stream().map(IpAddress::parse).toList();
    }
}
