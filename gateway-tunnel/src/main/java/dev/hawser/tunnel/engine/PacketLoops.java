// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.tunnel.path.ControlInbox;
import dev.hawser.tunnel.path.EgressLoop;
import dev.hawser.tunnel.path.IngressLoop;
import dev.hawser.tunnel.path.PathState;
import dev.hawser.tunnel.path.PathTotals;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.session.SessionTable;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The loops of all queues, two for each. A flow stays in one queue of the device, so that its packets stay in order. A peer's
 * datagrams all come from one endpoint and so arrive in one queue: what a single peer can send is what one thread opens.
 */
final class PacketLoops {
    private final List<EgressLoop> egress = new ArrayList<>();
    private final List<IngressLoop> ingress = new ArrayList<>();

    /** @param arena owns their buffers and outlives them */
    PacketLoops(EngineParts parts, PathState state, SessionTable sessions, ControlInbox control, Arena arena) {
        for (PacketDevice device : parts.devices()) {
            int queue = egress.size();
            egress.add(new EgressLoop(queue, device, state, parts.clock(), arena));
            ingress.add(new IngressLoop(queue, parts.devices(), state, sessions, control, parts.clock(), arena));
        }
    }

    /** What is to be run, by the names of the threads, which Linux cuts after 15 characters. */
    Map<String, Runnable> byThread() {
        Map<String, Runnable> loops = new LinkedHashMap<>();
        for (int queue = 0; queue < egress.size(); queue++) {
            String number = queue == 0 ? "" : String.valueOf(queue);
            loops.put("hawser-egress" + number, egress.get(queue));
            loops.put("hawser-ingress" + number, ingress.get(queue));
        }
        return loops;
    }

    void stop() {
        egress.forEach(EgressLoop::stop);
        ingress.forEach(IngressLoop::stop);
    }

    /** Drops that belong to no peer. */
    Map<DropReason, Long> drops() {
        List<PathTotals> unowned = new ArrayList<>();
        egress.forEach(loop -> unowned.add(loop.unowned()));
        ingress.forEach(loop -> unowned.add(loop.unowned()));
        return PathTotals.drops(unowned);
    }

    /** What each queue had to do. */
    List<TunnelStatus.Queue> use() {
        List<TunnelStatus.Queue> use = new ArrayList<>();
        for (int queue = 0; queue < egress.size(); queue++) {
            use.add(new TunnelStatus.Queue(
                    egress.get(queue).reads(), ingress.get(queue).reads()));
        }
        return use;
    }
}
