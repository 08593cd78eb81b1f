// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.memory;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.PacketDevice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A packet device whose kernel side is the test: what it sends is read by the gateway, what the gateway writes it takes.
 *
 * <p><b>Threads:</b> as the port demands; {@link #send} and {@link #take} from anywhere.
 */
public final class MemoryPacketDevice implements PacketDevice {
    private final String name;
    private final int mtu;
    private final Gate gate = new Gate();
    private final LinkedBlockingQueue<byte[]> toGateway = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<byte[]> fromGateway = new LinkedBlockingQueue<>();

    /** Creates a device with nothing waiting. */
    public MemoryPacketDevice(String name, int mtu) {
        this.name = name;
        this.mtu = mtu;
    }

    /** Gives the gateway a packet to read. */
    public void send(byte[] packet) {
        toGateway.add(packet.clone());
        gate.open();
    }

    /** The next packet the gateway wrote, or null when none came in time. */
    public byte @Nullable [] take(long timeoutMillis) throws InterruptedException {
        return fromGateway.poll(timeoutMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public int maxRead() {
        return mtu;
    }

    @Override
    public boolean hasOffloads() {
        return false;
    }

    @Override
    public int headroom() {
        return 0;
    }

    @Override
    public int read(MemorySegment buffer, long offset, Offload offload) {
        offload.plain();
        byte[] packet = toGateway.poll();
        if (packet == null) {
            return 0;
        }
        int length = Math.min(packet.length, mtu);
        MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, offset, length);
        return length;
    }

    @Override
    public boolean write(MemorySegment buffer, long offset, int length, Offload offload) {
        byte[] packet = new byte[length];
        MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, offset, packet, 0, length);
        return fromGateway.add(packet);
    }

    @Override
    public void await(int timeoutMillis) {
        gate.await(timeoutMillis);
    }

    @Override
    public void wake() {
        gate.open();
    }

    @Override
    public void close() {
        gate.open();
    }
}
