// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.Offload.Segmentation;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.port.UdpPort;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.route.PeerRoutes;
import dev.hawser.tunnel.route.Verdict;
import dev.hawser.tunnel.session.TransportSession;
import dev.hawser.tunnel.wire.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * From the device to the peers: read, look up, rewrite, cut if it is a super-packet, seal, send.
 *
 * <p>Runs to completion on one platform thread for each queue and allocates nothing per packet, except for the few that wait for a
 * session. The packet stays where it was read until it is sealed to the end of a train.
 */
public final class EgressLoop implements Runnable {
    /** Packets between two looks at clock and snapshot. */
    private static final int BATCH = 64;

    /** Where packets are read to; in front lies room for the device's own header. */
    private static final int PACKET = 64;

    private static final int PADDING = 16;
    private static final int WAITING_POLL_MILLIS = 100;

    private final int queue;
    private final PacketDevice device;
    private final PathState state;
    private final LongSupplier clock;
    private final MemorySegment buffer;
    private final PacketCutter cutter;
    private final DatagramTrain train;
    private final TooBig tooBig;
    private final PathCounters unowned = new PathCounters();
    private final Offload offload = new Offload();
    private final PacketReader reader = new PacketReader();
    private final Verdict verdict = new Verdict();
    private final List<PeerLane> waiting = new ArrayList<>();
    private final AtomicLong reads = new AtomicLong();
    private volatile boolean stopping;

    /**
     * Prepares the loop.
     *
     * @param queue its number, from 0
     * @param device that queue of the device
     * @param arena owns the packet buffer and outlives the loop
     */
    public EgressLoop(int queue, PacketDevice device, PathState state, LongSupplier clock, Arena arena) {
        this.queue = queue;
        this.device = device;
        this.state = state;
        this.clock = clock;
        this.buffer = arena.allocate(PACKET + (long) device.maxRead() + PADDING + Transport.TAG, 64);
        this.cutter = new PacketCutter(buffer, arena);
        this.tooBig = new TooBig(device, arena);
        this.train = new DatagramTrain(queue, device.mtu(), arena);
    }

    /** Drops that belong to no peer. */
    public PathTotals unowned() {
        return PathTotals.of(List.of(unowned));
    }

    /** Reads that gave a packet or a super-packet; for any thread. */
    public long reads() {
        return reads.getOpaque();
    }

    /** Ends {@link #run} after the batch in work. */
    public void stop() {
        stopping = true;
        device.wake();
    }

    @Override
    public void run() {
        while (!stopping) {
            turn();
        }
    }

    /** Apart from the loop around it, which is entered once and stays interpreted for long: this is compiled soon. */
    private void turn() {
        if (runBatch() == 0 && !stopping) {
            device.await(waiting.isEmpty() ? -1 : WAITING_POLL_MILLIS);
        }
    }

    /** Moves what is there, up to one batch; returns how many packets were read. */
    int runBatch() {
        PathSnapshot snapshot = state.forEgress(queue);
        long now = clock.getAsLong();
        if (!waiting.isEmpty()) {
            waiting.removeIf(lane -> flush(lane, snapshot, now));
            train.leave(snapshot.udp(), now);
        }
        int packets = 0;
        while (packets < BATCH) {
            int length = device.read(buffer, PACKET, offload);
            if (length == 0) {
                break;
            }
            packets++;
            forward(snapshot, length, now);
        }
        train.leave(snapshot.udp(), now);
        reads.setOpaque(reads.getPlain() + packets);
        return packets;
    }

    private void forward(PathSnapshot snapshot, int available, long now) {
        DropReason malformed = readHeaders(available);
        if (malformed != null) {
            unowned.dropped(malformed);
            return;
        }
        snapshot.routes().egress(reader.headers(), reader.quoted(), verdict);
        PeerRoutes peer = verdict.peer();
        DropReason refused = verdict.drop();
        if (refused != null || peer == null) {
            PathCounters counters = peer == null ? unowned : snapshot.lane(peer).sent(queue);
            counters.dropped(refused == null ? DropReason.NO_ROUTE : refused);
            return;
        }
        PeerLane lane = snapshot.lane(peer);
        if (TooBig.isTooBig(buffer, reader, offload, lane.mtu())) {
            lane.sent(queue).dropped(DropReason.TOO_BIG);
            tooBig.answer(buffer, reader, lane.mtu(), now);
            return;
        }
        // The unfinished checksum may belong to a packet inside this one (a pod's own tunnel); then ours is whole.
        boolean unfinished = offload.checksumPartial() && PACKET + offload.checksumStart() == reader.transport();
        PacketRewriter.rewrite(buffer, reader, verdict, unfinished);
        TransportSession session = lane.sending(now);
        if (offload.segmentation() != Segmentation.NONE) {
            cut(lane, session, snapshot.udp(), now);
            return;
        }
        if (offload.checksumPartial()) {
            long end = PACKET + (long) reader.length();
            Transports.completeChecksum(buffer, PACKET + offload.checksumStart(), offload.checksumOffset(), end);
        }
        if (session == null || !lane.staged(queue).isEmpty()) {
            stage(lane, reader.length(), now);
        } else {
            send(lane, session, snapshot.udp(), PACKET, reader.length(), now);
        }
    }

    /** A checksum that is to be completed inside the IP headers would break what was just read. */
    private @Nullable DropReason readHeaders(int available) {
        DropReason malformed = reader.read(buffer, PACKET, available);
        boolean insideHeaders = offload.checksumPartial() && PACKET + offload.checksumStart() < reader.transport();
        return malformed == null && insideHeaders ? DropReason.MALFORMED : malformed;
    }

    /** Without a session a super-packet is lost: TCP sends it again. */
    private void cut(PeerLane lane, @Nullable TransportSession session, UdpPort udp, long now) {
        if (session == null) {
            lane.sent(queue).dropped(DropReason.NO_SESSION);
            lane.requestHandshake();
            return;
        }
        if (!cutter.begin(reader, offload)) {
            lane.sent(queue).dropped(DropReason.MALFORMED);
            return;
        }
        while (cutter.next()) {
            send(lane, session, udp, cutter.offset(), cutter.length(), now);
        }
    }

    private void stage(PeerLane lane, int length, long now) {
        byte[] packet = buffer.asSlice(PACKET, length).toArray(ValueLayout.JAVA_BYTE);
        if (lane.staged(queue).isEmpty()) {
            waiting.add(lane);
        }
        if (!lane.staged(queue).add(packet, now)) {
            lane.sent(queue).dropped(DropReason.NO_SESSION);
        }
        lane.requestHandshake();
    }

    /** Sends what waits for the lane's session or gives it up; returns whether nothing waits any more. */
    private boolean flush(PeerLane lane, PathSnapshot snapshot, long now) {
        while (lane.staged(queue).removeStale(now)) {
            lane.sent(queue).dropped(DropReason.STAGED_TOO_LONG);
        }
        TransportSession session = lane.sending(now);
        if (session != null) {
            StagedPackets.Staged next = lane.staged(queue).poll();
            while (next != null) {
                byte[] packet = next.packet();
                MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, PACKET, packet.length);
                send(lane, session, snapshot.udp(), PACKET, packet.length, now);
                next = lane.staged(queue).poll();
            }
        }
        return lane.staged(queue).isEmpty();
    }

    /** Puts a packet on the train, which leaves when it is full, at the latest at the end of the batch. */
    private void send(PeerLane lane, TransportSession session, UdpPort udp, long offset, int length, long now) {
        DropReason lost = train.add(lane, session, udp, buffer, offset, length, now);
        if (lost != null) {
            lane.sent(queue).dropped(lost);
            if (lost == DropReason.EXPIRED) {
                lane.requestHandshake();
            }
        }
    }
}
