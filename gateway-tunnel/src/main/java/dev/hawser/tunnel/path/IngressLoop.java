// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.path.PathSnapshot.PeerPath;
import dev.hawser.tunnel.port.Arrival;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.port.UdpPort;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.route.Verdict;
import dev.hawser.tunnel.session.PeerSession;
import dev.hawser.tunnel.session.SessionTable;
import dev.hawser.tunnel.session.TransportSession;
import dev.hawser.tunnel.wire.MessageType;
import dev.hawser.tunnel.wire.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * From the peers to the device: receive, find the session, open, guard against replay, check, rewrite, join, write.
 *
 * <p>Runs to completion on one platform thread for each queue and allocates nothing per packet. A packet is opened where it was received. What is
 * not a transport message goes to the control thread.
 */
public final class IngressLoop implements Runnable {
    /** Receives between two looks at clock and snapshot; each may be a train of datagrams. */
    private static final int BATCH = 64;

    /** Where datagrams are received to; the plaintext begins a WireGuard header later, so the device's headroom is there. */
    private static final int DATAGRAM = 64;

    private static final int LARGEST_TRAIN = 65_535;

    private final int queue;
    private final PathState state;
    private final SessionTable sessions;
    private final ControlInbox control;
    private final LongSupplier clock;
    private final MemorySegment buffer;
    private final PathCounters unowned = new PathCounters();
    private final Arrival arrival = new Arrival();
    private final PacketJoiner joiner;
    private final PacketReader reader = new PacketReader();
    private final Verdict verdict = new Verdict();
    private final AtomicLong reads = new AtomicLong();
    private volatile boolean stopping;

    /**
     * Prepares the loop.
     *
     * @param queue its number, from 0
     * @param devices all queues of the device
     * @param arena owns the packet buffer and outlives the loop
     */
    public IngressLoop(
            int queue,
            List<PacketDevice> devices,
            PathState state,
            SessionTable sessions,
            ControlInbox control,
            LongSupplier clock,
            Arena arena) {
        this.queue = queue;
        this.state = state;
        this.sessions = sessions;
        this.control = control;
        this.clock = clock;
        this.buffer = arena.allocate(DATAGRAM + (long) LARGEST_TRAIN, 64);
        this.joiner = new PacketJoiner(devices, arena);
    }

    /** Drops that belong to no peer. */
    public PathTotals unowned() {
        return PathTotals.of(List.of(unowned));
    }

    /** Receives that gave a datagram or a train; for any thread. */
    public long reads() {
        return reads.getOpaque();
    }

    /** Ends {@link #run} after the batch in work. */
    public void stop() {
        stopping = true;
        state.published().udp().wake();
    }

    @Override
    public void run() {
        while (!stopping) {
            turn();
        }
    }

    /** Apart from the loop around it, which is entered once and stays interpreted for long: this is compiled soon. */
    private void turn() {
        PathSnapshot snapshot = state.forIngress(queue);
        if (runBatch(snapshot) == 0 && !stopping) {
            snapshot.udp().await(queue, -1);
        }
    }

    /** Moves what is there, up to one batch; returns how many receives succeeded. */
    int runBatch(PathSnapshot snapshot) {
        long now = clock.getAsLong();
        UdpPort udp = snapshot.udp();
        int receives = 0;
        while (receives < BATCH) {
            int length = udp.receive(queue, buffer, DATAGRAM, LARGEST_TRAIN, arrival);
            if (length < 0) {
                break;
            }
            receives++;
            int step = arrival.segmentSize() == 0 ? length : arrival.segmentSize();
            for (int at = 0; at < length; at += step) {
                receive(snapshot, DATAGRAM + (long) at, Math.min(step, length - at), now);
            }
        }
        joiner.flush();
        reads.setOpaque(reads.getPlain() + receives);
        return receives;
    }

    private void receive(PathSnapshot snapshot, long at, int length, long now) {
        MessageType type = MessageType.of(buffer, at, length);
        if (type == null) {
            unowned.dropped(DropReason.UNKNOWN_MESSAGE);
            return;
        }
        switch (type) {
            case TRANSPORT -> open(snapshot, at, length, now);
            case INITIATION, RESPONSE, COOKIE_REPLY -> {
                byte[] datagram = buffer.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
                if (!control.offer(datagram, arrival.endpoint())) {
                    unowned.dropped(DropReason.CONTROL_QUEUE_FULL);
                }
            }
        }
    }

    private void open(PathSnapshot snapshot, long at, int length, long now) {
        TransportSession session = sessions.find(Transport.receiver(buffer, at));
        PeerPath path = session == null ? null : snapshot.pathOf(session.peer());
        if (session == null || path == null) {
            unowned.dropped(DropReason.UNKNOWN_SESSION);
            return;
        }
        long packet = at + Transport.HEADER;
        int opened = session.open(queue, now, buffer, at, length, buffer, packet);
        if (opened < 0) {
            path.lane().received(queue).dropped(refusal(opened));
            return;
        }
        session.peer().onAuthenticated(session, now, opened > 0, movedTo(session.peer()));
        if (opened > 0) {
            deliver(snapshot, path, packet, opened);
        }
    }

    private static DropReason refusal(int opened) {
        return switch (opened) {
            case TransportSession.REPLAYED -> DropReason.REPLAYED;
            case TransportSession.EXPIRED -> DropReason.EXPIRED;
            default -> DropReason.UNAUTHENTICATED;
        };
    }

    /** Where an authenticated peer is now, if it is not where we knew it. */
    private @Nullable UdpEndpoint movedTo(PeerSession peer) {
        UdpEndpoint known = peer.endpoint();
        return known != null && arrival.isFrom(known) ? null : arrival.endpoint();
    }

    private void deliver(PathSnapshot snapshot, PeerPath path, long packet, int padded) {
        PathCounters counters = path.lane().received(queue);
        DropReason malformed = reader.read(buffer, packet, padded);
        if (malformed != null) {
            counters.dropped(malformed);
            return;
        }
        snapshot.routes().ingress(path.routes(), reader.headers(), reader.quoted(), verdict);
        DropReason refused = verdict.drop();
        if (refused != null) {
            counters.dropped(refused);
            return;
        }
        PacketRewriter.rewrite(buffer, reader, verdict, false);
        joiner.accept(buffer, reader, counters);
    }
}
