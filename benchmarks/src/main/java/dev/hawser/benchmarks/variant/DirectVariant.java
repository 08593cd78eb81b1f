// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import dev.hawser.lab.net.NetworkLab;
import java.util.List;
import java.util.Map;

/** The same nodes and pods without a tunnel, routed by the kernel: what the machine itself gives. */
final class DirectVariant {
    static final String NAME = "direct";

    private DirectVariant() {}

    static Variant start(NetworkLab lab) {
        NodePair nodes = NodePair.build(lab, NAME, "10.205", "10.206");
        nodes.left().host().route(nodes.right().podCidr(), NodePair.RIGHT_ADDRESS);
        nodes.right().host().route(nodes.left().podCidr(), NodePair.LEFT_ADDRESS);
        return new Variant(NAME, nodes, nodes.right().podAddress(), List.of(), Map.of());
    }
}
