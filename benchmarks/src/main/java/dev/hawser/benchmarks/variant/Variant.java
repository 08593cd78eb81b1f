// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import dev.hawser.lab.net.Host;
import java.util.List;
import java.util.Map;

/**
 * One way from a pod to a pod, ready for traffic.
 *
 * @param name as it stands in the results
 * @param nodes that it has for itself
 * @param serverAddress how the pod on the left node knows the one on the right
 * @param gateways the processes that carry the packets, the left one first; none if the kernel does
 * @param facts what a reader of a result must know about it, by name
 * @param entry brings its gateways into the state that it stands for, where they serve several variants
 */
public record Variant(
        String name,
        NodePair nodes,
        String serverAddress,
        List<Gateway> gateways,
        Map<String, String> facts,
        Runnable entry)
        implements AutoCloseable {
    public Variant {
        gateways = List.copyOf(gateways);
        facts = Map.copyOf(facts);
    }

    /** A variant whose gateways serve no other. */
    Variant(String name, NodePair nodes, String serverAddress, List<Gateway> gateways, Map<String, String> facts) {
        this(name, nodes, serverAddress, gateways, facts, () -> {});
    }

    /** The pod that calls. */
    public Host client() {
        return nodes.left().pod();
    }

    /** The pod that answers. */
    public Host server() {
        return nodes.right().pod();
    }

    /** CPU time of all gateways so far. */
    public double cpuSeconds() {
        return gateways.stream().mapToDouble(Gateway::cpuSeconds).sum();
    }

    /** Memory of the larger gateway now. */
    public double residentMegabytes() {
        return gateways.stream().mapToDouble(Gateway::residentMegabytes).max().orElse(0);
    }

    @Override
    public void close() {
        gateways.forEach(Gateway::stop);
    }
}
