// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Reservation;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What Nodes say of themselves, as far as names must not be granted over it. */
public final class NodeAddresses {
    private NodeAddresses() {}

    /** The addresses of a Node. */
    public static List<Reservation> of(Node node) {
        List<Reservation> reservations = new ArrayList<>();
        for (NodeAddress address : Optional.ofNullable(node.getStatus())
                .map(NodeStatus::getAddresses)
                .orElse(List.of())) {
            try {
                reservations.add(new Reservation(
                        Cidr.host(IpAddress.parse(address.getAddress())),
                        "Node " + node.getMetadata().getName()));
            } catch (AddressException aName) {
                // Nodes list their names beside their addresses.
            }
        }
        return reservations;
    }
}
