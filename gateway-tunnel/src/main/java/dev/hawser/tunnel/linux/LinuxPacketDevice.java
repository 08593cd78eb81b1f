// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.PacketDevice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A TUN interface, one packet per read and write.
 *
 * <p>The interface lives in the network namespace of the thread that opens it and vanishes with this object. Addresses, link
 * state and MTU are set from outside. Close it only after its reader has stopped: descriptor numbers are reused.
 */
public final class LinuxPacketDevice implements PacketDevice {
    private static final String CLONE_DEVICE = "/dev/net/tun";
    private static final int O_RDWR_NONBLOCK_CLOEXEC = 0x2 | 0x800 | 0x80000;
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TUN_NO_PI = 0x0001 | 0x1000;
    private static final int IFREQ_SIZE = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int LONGEST_NAME = 15;

    private final String name;
    private final int mtu;
    private final int descriptor;
    private final Wakeup wakeup;
    private final AtomicBoolean closed = new AtomicBoolean();

    private LinuxPacketDevice(String name, int mtu, int descriptor) {
        this.name = name;
        this.mtu = mtu;
        this.descriptor = descriptor;
        this.wakeup = new Wakeup(descriptor);
    }

    /**
     * Creates the interface in the calling thread's network namespace.
     *
     * @param name interface name, at most 15 characters
     * @param mtu largest packet the interface will be configured for
     * @throws TunnelIoException when the kernel refuses, with the remedy
     */
    public static LinuxPacketDevice open(String name, int mtu) {
        if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
            throw new IllegalArgumentException("interface name \"" + name + "\" must have 1 to 15 bytes");
        }
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = SystemCalls.open(arena.allocateFrom(CLONE_DEVICE), O_RDWR_NONBLOCK_CLOEXEC);
            if (descriptor < 0) {
                throw TunnelIoException.of("open " + CLONE_DEVICE, -descriptor, remedyForOpen(-descriptor));
            }
            MemorySegment request = arena.allocate(IFREQ_SIZE, Long.BYTES);
            request.setString(0, name);
            request.set(JAVA_SHORT, IFREQ_FLAGS, IFF_TUN_NO_PI);
            int attached = SystemCalls.ioctl(descriptor, TUNSETIFF, request);
            if (attached < 0) {
                SystemCalls.close(descriptor);
                throw TunnelIoException.of("create TUN interface " + name, -attached, remedyForAttach(-attached));
            }
            return new LinuxPacketDevice(name, mtu, descriptor);
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
        return mtu;
    }

    @Override
    public int headroom() {
        return 0;
    }

    @Override
    public int read(MemorySegment buffer, long offset, Offload offload) {
        offload.plain();
        int length = SystemCalls.read(descriptor, buffer.address() + offset, mtu);
        if (length >= 0) {
            return length;
        }
        if (length == -Errno.EAGAIN || length == -Errno.EINTR) {
            return 0;
        }
        throw TunnelIoException.of("read from " + name, -length, "was the interface deleted? Restart the gateway");
    }

    @Override
    public boolean write(MemorySegment buffer, long offset, int length, Offload offload) {
        // EIO while the link is down, EAGAIN with a full queue, EINVAL for a packet the kernel finds malformed.
        return SystemCalls.write(descriptor, buffer.address() + offset, length) == length;
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
