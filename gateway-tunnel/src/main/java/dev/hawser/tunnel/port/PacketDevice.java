// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.port;

import java.lang.foreign.MemorySegment;

/**
 * The network interface whose packets the tunnel carries: IP packets without a link header. Where an interface has several queues
 * there is one object for each; the packets of a flow come out of one of them, that which its answers were last written to.
 *
 * <p><b>Threads:</b> one thread reads and waits, any number may write, {@link #wake} and {@link #close} may be called from
 * anywhere. <b>Buffers:</b> native segments that belong to the caller; the device keeps no reference after a call returns.
 * <b>Headroom:</b> the {@link #headroom} bytes in front of a packet are scratch for the device in both directions (a
 * virtio-net header goes there), so that neither reading nor writing copies.
 */
public interface PacketDevice extends AutoCloseable {
    /** The interface's name, for messages. */
    String name();

    /** Largest IP packet in bytes that is not a super-packet. */
    int mtu();

    /** Largest length one read can give: {@link #mtu}, or more where the device hands out super-packets. */
    int maxRead();

    /** Whether it hands out and takes super-packets and unfinished checksums; else every offload is plain. */
    boolean hasOffloads();

    /** Whether trains of UDP datagrams are among the super-packets; Linux has them since 6.2. */
    default boolean hasUdpSegmentation() {
        return false;
    }

    /** Bytes in front of a packet that the device overwrites. */
    int headroom();

    /**
     * Reads one packet without blocking.
     *
     * @param buffer where to
     * @param offset where the IP header goes; at least {@link #headroom} bytes lie before and {@link #maxRead} behind it
     * @param offload set to what is left to do with the packet
     * @return the packet's length, or 0 when none is waiting
     */
    int read(MemorySegment buffer, long offset, Offload offload);

    /**
     * Writes one packet without blocking.
     *
     * @param buffer where it is
     * @param offset where its IP header starts, with {@link #headroom} bytes of scratch in front
     * @param length its length
     * @param offload what the other side shall still do; plain for a device without offloads
     * @return false when the interface refused it (down, or its queue is full): the packet is lost, the device is not
     */
    boolean write(MemorySegment buffer, long offset, int length, Offload offload);

    /**
     * Blocks until a packet is waiting, {@link #wake} is called, or the time is over; may return early.
     *
     * @param timeoutMillis upper bound in milliseconds; negative waits without bound
     */
    void await(int timeoutMillis);

    /** Makes a present or the next {@link #await} return at once. */
    void wake();

    @Override
    void close();
}
