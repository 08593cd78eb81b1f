// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.hawser.tunnel.port.Arrival;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.port.UdpPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * UDP sockets on all local addresses of one network namespace, dual-stack where the kernel has IPv6.
 *
 * <p>Sends trains with UDP_SEGMENT and receives them with UDP_GRO where the kernel has them; an error from a segmented send
 * turns segmentation off for good and the train goes out one by one. The don't-fragment bit stays off, as in kernel WireGuard: a
 * smaller path then fragments outer datagrams instead of losing them.
 */
public final class LinuxUdpPort implements UdpPort {
    private static final int SOCK_DGRAM_NONBLOCK_CLOEXEC = 2 | 0x800 | 0x80000;
    private static final int SOL_IP = 0;
    private static final int SOL_SOCKET = 1;
    private static final int SOL_UDP = 17;
    private static final int SOL_IPV6 = 41;
    private static final int SO_SNDBUFFORCE = 32;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int SO_REUSEPORT = 15;
    private static final int SO_SNDBUF = 7;
    private static final int SO_RCVBUF = 8;
    private static final int IP_MTU_DISCOVER = 10;
    private static final int IPV6_MTU_DISCOVER = 23;
    /** No don't-fragment bit, whatever ICMP says. */
    private static final int PMTUDISC_DONT = 0;

    /** The bit set, and no memory of smaller paths: what the interface takes leaves in one piece. */
    private static final int PMTUDISC_PROBE = 3;

    private static final int IPV6_V6ONLY = 26;
    private static final int UDP_GRO = 104;
    private static final int SOCKET_BUFFER_BYTES = 4 << 20;

    /** The kernel's limit of segments in one send; newer ones take 128, which is not relied on. */
    private static final int KERNEL_MAX_SEGMENTS = 64;

    /**
     * The sockets of one listen port: what was asked for (0 for any port), what it got, and their numbers, one for each queue. The
     * kernel chooses among them by where a datagram comes from (SO_REUSEPORT).
     */
    private record Listener(int wished, int port, List<Integer> descriptors) {}

    /** Where one thread receives from. */
    private static final class Queue {
        private final int[] descriptors;
        private final Wakeup wakeup;
        private final MessageHeader incoming;
        private int nextToRead;

        Queue(int[] descriptors, Arena arena) {
            this.descriptors = descriptors;
            this.wakeup = new Wakeup(descriptors);
            this.incoming = new MessageHeader(arena);
        }
    }

    private final int family;
    private final List<Listener> listeners;
    private final int[] senders;
    private final int[] ports;
    private final List<Integer> localPorts;
    private final Arena arena = Arena.ofShared();
    private final Queue[] queues;

    /** Sending threads each need a header of their own: the address is written into it. */
    private final ThreadLocal<MessageHeader> outgoing =
            ThreadLocal.withInitial(() -> new MessageHeader(Arena.ofAuto()));

    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile List<Listener> takenOver = List.of();
    private volatile int maxSegments = KERNEL_MAX_SEGMENTS;

    private LinuxUdpPort(int family, List<Listener> listeners, int queues) {
        this.family = family;
        this.listeners = List.copyOf(listeners);
        this.ports = listeners.stream().mapToInt(Listener::port).toArray();
        this.localPorts = listeners.stream().map(Listener::port).toList();
        this.senders = ofQueue(0);
        this.queues = new Queue[queues];
        Arrays.setAll(this.queues, queue -> new Queue(ofQueue(queue), arena));
    }

    private int[] ofQueue(int queue) {
        return listeners.stream()
                .mapToInt(listener -> listener.descriptors().get(queue))
                .toArray();
    }

    /**
     * Opens a socket per listen port and queue in the calling thread's network namespace.
     *
     * @param listenPorts at least one; 0 lets the kernel choose
     * @param queues at least one
     * @throws TunnelIoException when a port is taken or sockets are refused; none stays open then
     */
    public static LinuxUdpPort open(List<Integer> listenPorts, int queues) {
        int probe = SystemCalls.socket(SocketAddress.AF_INET6, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0);
        int family = probe == -Errno.EAFNOSUPPORT ? SocketAddress.AF_INET : SocketAddress.AF_INET6;
        if (probe >= 0) {
            SystemCalls.close(probe);
        }
        return open(family, listenPorts, queues, List.of());
    }

    private static LinuxUdpPort open(int family, List<Integer> listenPorts, int queues, List<Listener> present) {
        if (listenPorts.isEmpty()) {
            throw new IllegalArgumentException("a gateway needs at least one listen port");
        }
        List<Integer> opened = new ArrayList<>();
        List<Listener> all = new ArrayList<>();
        try {
            for (int wished : listenPorts) {
                Optional<Listener> kept = present.stream()
                        .filter(listener -> listener.wished() == wished && !all.contains(listener))
                        .findFirst();
                all.add(kept.isPresent() ? kept.get() : listen(family, wished, queues, opened));
            }
            return new LinuxUdpPort(family, all, queues);
        } catch (TunnelIoException failure) {
            opened.forEach(SystemCalls::close);
            throw failure;
        }
    }

    /**
     * The first socket is bound alone, so that a port that somebody else has is refused; only then may others share it.
     *
     * @param opened gets every socket, also one that cannot be bound, for whoever has to close it then
     */
    private static Listener listen(int family, int wished, int queues, List<Integer> opened) {
        List<Integer> descriptors = new ArrayList<>();
        int port = wished;
        for (int queue = 0; queue < queues; queue++) {
            int descriptor = openSocket(family);
            opened.add(descriptor);
            descriptors.add(descriptor);
            if (queue > 0) {
                share(descriptor);
            }
            port = bind(descriptor, family, port);
            if (queue == 0 && queues > 1) {
                share(descriptor);
            }
        }
        return new Listener(wished, port, List.copyOf(descriptors));
    }

    private static void share(int descriptor) {
        int shared = SystemCalls.setsockopt(descriptor, SOL_SOCKET, SO_REUSEPORT, 1);
        if (shared < 0) {
            throw TunnelIoException.of("share a UDP port among queues", -shared, "set HAWSER_QUEUES=1");
        }
    }

    @Override
    public UdpPort reopen(List<Integer> listenPorts) {
        LinuxUdpPort next = open(family, listenPorts, queues.length, listeners);
        next.maxSegments = maxSegments;
        takenOver = listeners.stream().filter(next.listeners::contains).toList();
        return next;
    }

    private static int openSocket(int family) {
        int descriptor = SystemCalls.socket(family, SOCK_DGRAM_NONBLOCK_CLOEXEC, 0);
        if (descriptor < 0) {
            throw TunnelIoException.of("open a UDP socket", -descriptor, "raise the limit of open files");
        }
        if (family == SocketAddress.AF_INET6) {
            SystemCalls.setsockopt(descriptor, SOL_IPV6, IPV6_V6ONLY, 0);
        }
        fragmentation(descriptor, family, PMTUDISC_DONT);
        SystemCalls.setsockopt(descriptor, SOL_UDP, UDP_GRO, 1);
        buffer(descriptor, SO_RCVBUFFORCE, SO_RCVBUF);
        buffer(descriptor, SO_SNDBUFFORCE, SO_SNDBUF);
        return descriptor;
    }

    /** Best effort: the forced form passes the system's limit but needs NET_ADMIN in the initial user namespace. */
    private static void buffer(int descriptor, int forced, int limited) {
        if (SystemCalls.setsockopt(descriptor, SOL_SOCKET, forced, SOCKET_BUFFER_BYTES) < 0) {
            SystemCalls.setsockopt(descriptor, SOL_SOCKET, limited, SOCKET_BUFFER_BYTES);
        }
    }

    private static int bind(int descriptor, int family, int port) {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment address = scratch.allocate(SocketAddress.SIZE, Long.BYTES);
            int length = SocketAddress.writeWildcard(address, family, port);
            int bound = SystemCalls.bind(descriptor, address, length);
            if (bound < 0) {
                String next =
                        -bound == Errno.EADDRINUSE ? "stop what listens there, or choose another listen port" : "";
                throw TunnelIoException.of("listen on UDP port " + port, -bound, next);
            }
            int named = SystemCalls.getsockname(descriptor, address, scratch.allocateFrom(JAVA_INT, length));
            if (named < 0) {
                throw TunnelIoException.of("read the name of UDP port " + port, -named, "");
            }
            return SocketAddress.port(address);
        }
    }

    @Override
    public List<Integer> localPorts() {
        return localPorts;
    }

    @Override
    public int maxSegments() {
        return maxSegments;
    }

    @Override
    public Outcome send(MemorySegment buffer, long offset, int length, int segmentSize, UdpEndpoint to) {
        MessageHeader message = outgoing.get();
        int addressLength = SocketAddress.write(message.address(), family, to.address(), to.port());
        if (addressLength == 0) {
            return Outcome.UNREACHABLE;
        }
        int descriptor = descriptorOf(to.localPort());
        long data = buffer.address() + offset;
        if (segmentSize == 0 || segmentSize >= length) {
            message.forSend(data, length, addressLength, 0);
            return outcome(transmit(descriptor, message));
        }
        if (maxSegments > 1) {
            message.forSend(data, length, addressLength, segmentSize);
            int sent = transmit(descriptor, message);
            if (sent != -Errno.EIO && sent != -Errno.EINVAL && sent != -Errno.EMSGSIZE) {
                return outcome(sent);
            }
            // A train does not leave by an interface that would have to fragment its datagrams; each alone does.
            maxSegments = sent == -Errno.EMSGSIZE ? maxSegments : 1;
        }
        Outcome worst = Outcome.SENT;
        for (int at = 0; at < length; at += segmentSize) {
            message.forSend(data + at, Math.min(segmentSize, length - at), addressLength, 0);
            Outcome one = outcome(transmit(descriptor, message));
            worst = one == Outcome.SENT ? worst : one;
        }
        return worst;
    }

    /** What fails is tried once more, to learn why; it may go then. */
    private static int transmit(int descriptor, MessageHeader message) {
        int sent = PacketCalls.sendmsg(descriptor, message.header().address());
        return sent >= 0 ? sent : SystemCalls.sendmsg(descriptor, message.header(), 0);
    }

    /** The socket of a local port, else the first. Runs per send, so nothing is boxed. */
    private int descriptorOf(int localPort) {
        for (int i = 1; i < ports.length; i++) {
            if (ports[i] == localPort) {
                return senders[i];
            }
        }
        return senders[0];
    }

    /** The bit belongs to the socket, so others' datagrams of this very moment carry it too; none is larger than the path. */
    @Override
    public Outcome sendWhole(MemorySegment buffer, long offset, int length, UdpEndpoint to) {
        int descriptor = descriptorOf(to.localPort());
        fragmentation(descriptor, family, PMTUDISC_PROBE);
        try {
            return send(buffer, offset, length, 0, to);
        } finally {
            fragmentation(descriptor, family, PMTUDISC_DONT);
        }
    }

    private static void fragmentation(int descriptor, int family, int discovery) {
        if (family == SocketAddress.AF_INET6) {
            SystemCalls.setsockopt(descriptor, SOL_IPV6, IPV6_MTU_DISCOVER, discovery);
        }
        SystemCalls.setsockopt(descriptor, SOL_IP, IP_MTU_DISCOVER, discovery);
    }

    private static Outcome outcome(int result) {
        if (result >= 0) {
            return Outcome.SENT;
        }
        return switch (-result) {
            case Errno.EAGAIN, Errno.ENOBUFS, Errno.EINTR -> Outcome.BUSY;
            case Errno.EMSGSIZE -> Outcome.TOO_LARGE;
            default -> Outcome.UNREACHABLE;
        };
    }

    @Override
    public int receive(int queue, MemorySegment buffer, long offset, int capacity, Arrival arrival) {
        Queue from = queues[queue];
        for (int tried = 0; tried < from.descriptors.length; tried++) {
            int socket = from.nextToRead;
            from.incoming.forReceive(buffer.address() + offset, capacity);
            int length = PacketCalls.recvmsg(
                    from.descriptors[socket], from.incoming.header().address());
            if (length >= 0) {
                SocketAddress.read(
                        from.incoming.address(), ports[socket], from.incoming.receivedSegmentSize(), arrival);
                return length;
            }
            // Errors here are remembered ICMP errors of earlier sends; the kernel clears them by telling us.
            from.nextToRead = socket + 1 == from.descriptors.length ? 0 : socket + 1;
        }
        return -1;
    }

    @Override
    public void await(int queue, int timeoutMillis) {
        queues[queue].wakeup.await(timeoutMillis);
    }

    @Override
    public void wake() {
        for (Queue queue : queues) {
            queue.wakeup.wake();
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            listeners.stream()
                    .filter(listener -> !takenOver.contains(listener))
                    .flatMap(listener -> listener.descriptors().stream())
                    .forEach(SystemCalls::close);
            for (Queue queue : queues) {
                queue.wakeup.close();
            }
            arena.close();
        }
    }
}
