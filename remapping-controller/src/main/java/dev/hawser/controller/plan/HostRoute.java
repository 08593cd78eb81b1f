// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.networking.NodeRoute;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import java.util.ArrayList;
import java.util.List;

/**
 * A route of the gateway's node that is not ours.
 *
 * @param device where it leads
 * @param direct whether the range lies on the device's own link, as that of a bridge does
 */
public record HostRoute(Cidr cidr, String device, boolean direct) {
    /** Those that the gateway reports, as far as they can be read. */
    static List<HostRoute> of(List<NodeRoute> reported) {
        List<HostRoute> routes = new ArrayList<>();
        for (NodeRoute route : reported) {
            try {
                routes.add(new HostRoute(Cidr.parse(route.cidr()), route.device(), route.via() == null));
            } catch (AddressException editedByHand) {
                // The gateway writes it anew when it next looks.
            }
        }
        return List.copyOf(routes);
    }

    /**
     * Whether new names keep clear of it. A route that holds all of a range of the Pool only says where the rest of it goes, as
     * a default route does; by putting the range into the Pool its administrator says that names may be taken from it.
     *
     * @param pool the ranges of the Pool
     */
    public boolean isAvoided(List<Cidr> pool) {
        return pool.stream().noneMatch(range -> cidr.contains(range) && !(direct && cidr.equals(range)));
    }

    /** Who holds it, for people. */
    public String holder() {
        return "route of the gateway's node by " + device;
    }
}
