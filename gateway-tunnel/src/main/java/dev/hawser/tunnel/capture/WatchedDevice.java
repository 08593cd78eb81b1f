// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.capture;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.PacketDevice;
import java.lang.foreign.MemorySegment;

/** A device whose packets in both directions go into a file too. Threads and buffers as the port demands. */
final class WatchedDevice implements PacketDevice {
    private final PacketDevice device;
    private final PacketFile file;

    WatchedDevice(PacketDevice device, PacketFile file) {
        this.device = device;
        this.file = file;
    }

    @Override
    public String name() {
        return device.name();
    }

    @Override
    public int mtu() {
        return device.mtu();
    }

    @Override
    public int maxRead() {
        return device.maxRead();
    }

    @Override
    public boolean hasOffloads() {
        return device.hasOffloads();
    }

    @Override
    public boolean hasUdpSegmentation() {
        return device.hasUdpSegmentation();
    }

    @Override
    public int headroom() {
        return device.headroom();
    }

    @Override
    public int read(MemorySegment buffer, long offset, Offload offload) {
        int length = device.read(buffer, offset, offload);
        if (length > 0) {
            file.add(buffer, offset, length);
        }
        return length;
    }

    @Override
    public boolean write(MemorySegment buffer, long offset, int length, Offload offload) {
        file.add(buffer, offset, length);
        return device.write(buffer, offset, length, offload);
    }

    @Override
    public void await(int timeoutMillis) {
        device.await(timeoutMillis);
    }

    @Override
    public void wake() {
        device.wake();
    }

    @Override
    public void close() {
        device.close();
    }
}
