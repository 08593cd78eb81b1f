// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.PacketDevice;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

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

    @Override
    public int read(MemorySegment buffer, long offset, Offload offload) {
        return 0;
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
