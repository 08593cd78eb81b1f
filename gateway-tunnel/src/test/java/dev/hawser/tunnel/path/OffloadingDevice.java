// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.PacketDevice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;

/** A device that takes super-packets and keeps what was written, as a kernel would see it: with the checksum completed. */
final class OffloadingDevice implements PacketDevice {
    /** What was written. */
    static final class Written {
        private final byte[] packet;
        private final int segmentSize;

        Written(byte[] packet, int segmentSize) {
            this.packet = packet;
            this.segmentSize = segmentSize;
        }

        byte[] packet() {
            return packet;
        }

        int segmentSize() {
            return segmentSize;
        }
    }

    private final List<Written> written = new ArrayList<>();
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private final Queue<Consumer<Offload>> wishes = new ArrayDeque<>();

    List<Written> written() {
        return written;
    }

    @Override
    public boolean write(MemorySegment buffer, long offset, int length, Offload offload) {
        if (offload.checksumPartial()) {
            Transports.completeChecksum(
                    buffer, offset + offload.checksumStart(), offload.checksumOffset(), offset + length);
        }
        byte[] packet = buffer.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        return written.add(new Written(packet, offload.segmentSize()));
    }

    /** Gives the gateway a packet to read, with what is left to do. */
    void feed(byte[] packet, Consumer<Offload> left) {
        waiting.add(packet.clone());
        wishes.add(left);
    }

    @Override
    public int read(MemorySegment buffer, long offset, Offload offload) {
        offload.plain();
        byte[] packet = waiting.poll();
        Consumer<Offload> left = wishes.poll();
        if (packet == null || left == null) {
            return 0;
        }
        left.accept(offload);
        int length = Math.min(packet.length, maxRead());
        MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, offset, length);
        return length;
    }

    @Override
    public String name() {
        return "offloading";
    }

    @Override
    public int mtu() {
        return 1420;
    }

    @Override
    public int maxRead() {
        return 65_535;
    }

    @Override
    public boolean hasOffloads() {
        return true;
    }

    @Override
    public boolean hasUdpSegmentation() {
        return true;
    }

    @Override
    public int headroom() {
        return 10;
    }

    @Override
    public void await(int timeoutMillis) {}

    @Override
    public void wake() {}

    @Override
    public void close() {}
}
