// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.port;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * The gateway's outer UDP sockets, one or more listen ports behind one object.
 *
 * <p>What arrives is spread over one or more queues, by where it comes from: one endpoint's datagrams to one port come out of one
 * queue, in order.
 *
 * <p><b>Threads:</b> for each queue one thread receives and waits; any number may send; {@link #wake} and {@link #close} may be called from
 * anywhere. <b>Buffers:</b> native segments that belong to the caller; no reference is kept after a call returns.
 * <b>Batches:</b> one send may carry up to {@link #maxSegments} datagrams of equal size (the last may be shorter) to one
 * endpoint, and one receive may give such a train. A port that cannot says {@code maxSegments() == 1} and gives single
 * datagrams. A socket that turns out to lack segmentation sends the train one by one and says 1 from then on.
 */
public interface UdpPort extends AutoCloseable {
    /** What became of a send. */
    enum Outcome {
        /** Handed to the network. */
        SENT,
        /** The socket's buffer is full; the datagram is lost, the next may go. */
        BUSY,
        /** No route, administratively refused, or the host answers with errors. */
        UNREACHABLE,
        /** Larger than the underlay takes. */
        TOO_LARGE
    }

    /** The listen ports in the order given at opening; a wildcard (0) is replaced by what the system chose. */
    List<Integer> localPorts();

    /** Most datagrams in one {@link #send}. */
    int maxSegments();

    /**
     * Sends one datagram, or a train of them.
     *
     * @param buffer where it is
     * @param offset its start
     * @param length its length, of the whole train if it is one
     * @param segmentSize size of each datagram of a train but the last; 0 for a single datagram
     * @param to where it goes; {@link UdpEndpoint#localPort} chooses the socket, 0 and an unknown port mean the first
     */
    Outcome send(MemorySegment buffer, long offset, int length, int segmentSize, UdpEndpoint to);

    /**
     * Sends one datagram that nobody on the way may fragment, neither this host; as {@link #send} otherwise. Those that go out
     * at the same moment may be treated alike.
     */
    default Outcome sendWhole(MemorySegment buffer, long offset, int length, UdpEndpoint to) {
        return send(buffer, offset, length, 0, to);
    }

    /**
     * Receives one datagram, or a train of them, without blocking.
     *
     * @param queue its number, from 0
     * @param buffer where to
     * @param offset its start
     * @param capacity bytes there; what does not fit is dropped
     * @param arrival set to where it came from
     * @return the length (0 for an empty datagram), or -1 when none is waiting
     */
    int receive(int queue, MemorySegment buffer, long offset, int capacity, Arrival arrival);

    /**
     * Blocks until a datagram is waiting in a queue, {@link #wake} is called, or the time is over; may return early.
     *
     * @param queue its number, from 0
     * @param timeoutMillis upper bound in milliseconds; negative waits without bound
     */
    void await(int queue, int timeoutMillis);

    /**
     * Opens other listen ports in place of these, with as many queues. Sockets of ports in both lists are taken over by the new object, which from
     * then on gets what arrives for them; the old one may be used until it is closed, which leaves them open.
     *
     * @param listenPorts ports to serve, at least one; 0 lets the system choose
     * @throws RuntimeException of the adapter, when a port cannot be opened; this object is then as it was
     */
    UdpPort reopen(List<Integer> listenPorts);

    /** Makes a present or the next {@link #await} on each queue return at once. */
    void wake();

    @Override
    void close();
}
