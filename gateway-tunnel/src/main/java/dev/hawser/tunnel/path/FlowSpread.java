// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.route.PacketHeaders;
import java.util.List;

/**
 * Which queue of the device a flow is written to. Linux has the answers of a flow come out of the queue it was last written to; so
 * the flows of one peer, all of which arrive in one queue, leave through all of them. Immutable.
 */
final class FlowSpread {
    /** 2^64 divided by the golden ratio: the upper half of a product depends on every bit of the other factor (Knuth, 6.4). */
    private static final long GOLDEN = 0x9e37_79b9_7f4a_7c15L;

    private final PacketDevice[] queues;

    FlowSpread(List<PacketDevice> queues) {
        this.queues = queues.toArray(PacketDevice[]::new);
    }

    /** Any queue: what holds for all of them. */
    PacketDevice any() {
        return queues[0];
    }

    /** The queue of a packet's flow. */
    PacketDevice queueOf(PacketHeaders headers) {
        if (queues.length == 1) {
            return queues[0];
        }
        int ports = headers.sourcePort() << Short.SIZE ^ headers.destinationPort();
        long mixed = headers.sourceHigh() * GOLDEN + headers.sourceLow();
        mixed = mixed * GOLDEN + headers.destinationHigh();
        mixed = mixed * GOLDEN + headers.destinationLow();
        mixed = mixed * GOLDEN + ports;
        mixed = (mixed ^ (mixed >>> Integer.SIZE)) * GOLDEN;
        return queues[(int) Math.unsignedMultiplyHigh(mixed, queues.length)];
    }
}
