// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.PacketDevice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A queue of a TUN interface, with super-packets where the kernel has them (IFF_VNET_HDR, TCP and UDP segmentation), else one packet
 * per read and write.
 *
 * <p>With several (IFF_MULTI_QUEUE) the kernel spreads flows over them, and has a flow come out of the queue that its answers were
 * last written to.
 *
 * <p>The interface lives in the network namespace of the thread that opens it and vanishes with its last queue. Addresses, link
 * state and MTU are set from outside. Close it only after its reader has stopped: descriptor numbers are reused.
 */
public final class LinuxPacketDevice implements PacketDevice {
    private static final String CLONE_DEVICE = "/dev/net/tun";
    private static final int O_RDWR_NONBLOCK_CLOEXEC = 0x2 | 0x800 | 0x80000;
    private static final long TUNSETIFF = 0x400454caL;
    private static final long TUNSETOFFLOAD = 0x400454d0L;
    private static final short IFF_TUN_NO_PI = 0x0001 | 0x1000;
    private static final short IFF_VNET_HDR = 0x4000;
    private static final short IFF_MULTI_QUEUE = 0x0100;

    private static final int UDP_SEGMENTATION = 0x20 | 0x40;

    /** Unfinished checksums and TCP segmentation of both families; and with UDP segmentation, since Linux 6.2. */
    private static final int[] OFFLOADS = {0x01 | 0x02 | 0x04 | UDP_SEGMENTATION, 0x01 | 0x02 | 0x04};

    private static final int LARGEST_PACKET = 65_535;
    private static final int IFREQ_SIZE = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int LONGEST_NAME = 15;

    /** After so many empty reads in a row the reason is asked for. */
    private static final int ASK_WHY = 64;

    private final String name;
    private final int mtu;
    private final int descriptor;
    private final int headroom;
    private final boolean udpSegmentation;
    private final Wakeup wakeup;
    private final AtomicBoolean closed = new AtomicBoolean();
    private int emptyReads;

    private LinuxPacketDevice(String name, int mtu, int descriptor, int offloads) {
        this.name = name;
        this.mtu = mtu;
        this.descriptor = descriptor;
        this.headroom = offloads != 0 ? VirtioHeader.SIZE : 0;
        this.udpSegmentation = (offloads & UDP_SEGMENTATION) != 0;
        this.wakeup = new Wakeup(descriptor);
    }

    /**
     * Creates the interface in the calling thread's network namespace.
     *
     * @param name interface name, at most 15 characters
     * @param mtu largest packet the interface will be configured for
     * @param queues how many, at least one; an interface with one is none of several queues to the kernel
     * @return its queues
     * @throws TunnelIoException when the kernel refuses, with the remedy; nothing stays open then
     */
    public static List<PacketDevice> open(String name, int mtu, int queues) {
        if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new IllegalArgumentException("interface name \"" + name + "\" must have 1 to 15 bytes");
        }
        int several = queues > 1 ? IFF_MULTI_QUEUE : 0;
        List<PacketDevice> opened = new ArrayList<>();
        try {
            int flags = IFF_TUN_NO_PI | IFF_VNET_HDR | several;
            int first = attach(name, flags);
            int offloads = offloads(first);
            if (offloads == 0) {
                // No offloads, no use for their header.
                SystemCalls.close(first);
                flags = IFF_TUN_NO_PI | several;
                first = attach(name, flags);
            }
            opened.add(new LinuxPacketDevice(name, mtu, first, offloads));
            while (opened.size() < queues) {
                opened.add(new LinuxPacketDevice(name, mtu, attach(name, flags), offloads));
            }
            return List.copyOf(opened);
        } catch (TunnelIoException failure) {
            opened.forEach(PacketDevice::close);
            throw failure;
        }
    }

    /** Turns on what the kernel has of them, for all queues. */
    private static int offloads(int descriptor) {
        for (int offloads : OFFLOADS) {
            if (SystemCalls.ioctl(descriptor, TUNSETOFFLOAD, MemorySegment.ofAddress(offloads)) >= 0) {
                return offloads;
            }
        }
        return 0;
    }

    private static int attach(String name, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = SystemCalls.open(arena.allocateFrom(CLONE_DEVICE), O_RDWR_NONBLOCK_CLOEXEC);
            if (descriptor < 0) {
                throw TunnelIoException.of("open " + CLONE_DEVICE, -descriptor, remedyForOpen(-descriptor));
            }
            MemorySegment request = arena.allocate(IFREQ_SIZE, Long.BYTES);
            request.setString(0, name);
            request.set(JAVA_SHORT, IFREQ_FLAGS, (short) flags);
            int attached = SystemCalls.ioctl(descriptor, TUNSETIFF, request);
            if (attached < 0) {
                SystemCalls.close(descriptor);
                throw TunnelIoException.of("create TUN interface " + name, -attached, remedyForAttach(-attached));
            }
            return descriptor;
        }
    }

    private static String remedyForOpen(int errno) {
        return switch (errno) {
            case Errno.ENOENT ->
                "the device node is missing: mount /dev/net/tun into the container, or run"
                        + " mkdir -p /dev/net && mknod /dev/net/tun c 10 200";
            case Errno.ENODEV -> "the kernel has no TUN driver: modprobe tun, or use a kernel with CONFIG_TUN";
            case Errno.EPERM, Errno.EACCES -> "the container may not use the device: allow c 10:200 and NET_ADMIN";
            default -> "";
        };
    }

    private static String remedyForAttach(int errno) {
        return switch (errno) {
            case Errno.EPERM -> "the process needs the capability NET_ADMIN in this network namespace";
            case Errno.EBUSY -> "another process holds an interface of this name; stop it first";
            case Errno.EINVAL -> "an interface of another kind has this name; remove it or choose another name";
            default -> "";
        };
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
        return hasOffloads() ? LARGEST_PACKET : mtu;
    }

    @Override
    public boolean hasOffloads() {
        return headroom > 0;
    }

    @Override
    public boolean hasUdpSegmentation() {
        return udpSegmentation;
    }

    @Override
    public int headroom() {
        return headroom;
    }

    @Override
    public int read(MemorySegment buffer, long offset, Offload offload) {
        offload.plain();
        long address = buffer.address() + offset - headroom;
        int length = PacketCalls.read(descriptor, address, headroom + (long) maxRead());
        if (length < 0) {
            // Nearly always because nothing is waiting. A device that is gone looks the same, but is always ready: then
            // one
            // empty read follows the other.
            if (++emptyReads < ASK_WHY) {
                return 0;
            }
            length = SystemCalls.read(descriptor, address, headroom + (long) maxRead());
        }
        emptyReads = 0;
        if (length > headroom) {
            if (hasOffloads()) {
                VirtioHeader.read(buffer, offset - headroom, offload);
            }
            return length - headroom;
        }
        if (length == -Errno.EAGAIN || length == -Errno.EINTR) {
            return 0;
        }
        throw TunnelIoException.of(
                "read from " + name, Math.abs(length), "was the interface deleted? Restart the gateway");
    }

    @Override
    public boolean write(MemorySegment buffer, long offset, int length, Offload offload) {
        if (hasOffloads()) {
            VirtioHeader.write(buffer, offset - headroom, offload);
        }
        // EIO while the link is down, EAGAIN with a full queue, EINVAL for a packet the kernel finds malformed.
        int whole = headroom + length;
        return PacketCalls.write(descriptor, buffer.address() + offset - headroom, whole) == whole;
    }

    @Override
    public void await(int timeoutMillis) {
        wakeup.await(timeoutMillis);
    }

    @Override
    public void wake() {
        wakeup.wake();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            SystemCalls.close(descriptor);
            wakeup.close();
        }
    }
}
