// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.lab.net.NetworkLab;
import java.util.List;

/** The same nodes and pods without a tunnel, routed by the kernel: what the machine itself gives. */
final class DirectVariant {
    static final String NAME = "direct";

    private DirectVariant() {}

    static Variant start(NetworkLab lab) {
        NodePair nodes = NodePair.build(lab, NAME, "10.205", "10.206");
        nodes.left().host().route(nodes.right().podCidr(), NodePair.RIGHT_ADDRESS);
        nodes.right().host().route(nodes.left().podCidr(), NodePair.LEFT_ADDRESS);
        return new Variant(
                NAME, nodes.left().pod(), nodes.right().pod(), nodes.right().podAddress(), List.of());
    }
}
