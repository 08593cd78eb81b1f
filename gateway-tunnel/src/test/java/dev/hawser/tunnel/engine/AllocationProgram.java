// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import com.sun.management.ThreadMXBean;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Two gateways with a TCP stream through both, in a JVM of its own with both compilers, which that of a test run lacks. Says
 * how many packets passed while it watched, and how many bytes each packet thread allocated meanwhile.
 */
final class AllocationProgram {
    private static final Duration SOON = Duration.ofSeconds(45);
    private static final int CHUNK = 1 << 17;
    private static final int WINDOW = 100_000;
    private static final int ALLOWED = 1024;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationProgram() {}

    /** Arguments: packets to watch, and how many may pass in all. */
    public static void main(String[] arguments) throws Exception {
        long watched = Long.parseLong(arguments[0]);
        long most = Long.parseLong(arguments[1]);
        try (NetworkLab lab = NetworkLab.open("allocation");
                LabGateway right = new LabGateway(lab.host("right"));
                LabGateway left = new LabGateway(lab.host("left"))) {
            lab.link(left.host(), "eth0", right.host(), "eth0");
            left.host().address("eth0", "192.0.2.1/24");
            right.host().address("eth0", "192.0.2.2/24");
            right.startBeside(left, "10.72", List.of());
            left.startBeside(right, "10.71", List.of(UdpEndpoint.of(IpAddress.parse("192.0.2.2"), LabGateway.PORT)));
            left.awaitPhase("right", PeerStatus.Phase.CONNECTED, SOON);
            stream(left.host(), right.host());
            watch(left, watched, most).forEach((name, number) -> System.out.println(name + " " + number));
        }
        System.exit(0);
    }

    /**
     * The JDK makes an object around every system call, which only the second compiler proves to be useless. So the watch
     * begins when that is done, and begins again if it takes back what it made.
     */
    private static Map<String, Long> watch(LabGateway sender, long watched, long most) {
        Map<String, Long> result = Map.of();
        boolean clean = false;
        while (!clean && packets(sender) < most) {
            Map<String, Long> before = allocated();
            long begin = packets(sender);
            long passed = 0;
            clean = true;
            while (clean && passed < watched) {
                awaitPackets(sender, begin + passed + WINDOW);
                result = new TreeMap<>(allocated());
                result.replaceAll((name, bytes) -> bytes - before.getOrDefault(name, 0L));
                clean = result.values().stream().allMatch(bytes -> bytes <= ALLOWED);
                passed = packets(sender) - begin;
            }
            result.put("packets", passed);
        }
        return result;
    }

    /** Sends as fast as it goes until the JVM ends. */
    private static void stream(Host from, Host to) throws Exception {
        ServerSocket server = to.call(() -> new ServerSocket(5201, 1, InetAddress.getByName("10.200.0.5")));
        Thread.ofPlatform().daemon().name("receiver").start(() -> receive(server));
        Socket socket = from.call(() -> {
            Socket unconnected = new Socket();
            // A socket belongs to the host where the kernel is first asked for it.
            unconnected.bind(new InetSocketAddress("10.200.0.5", 0));
            return unconnected;
        });
        socket.connect(new InetSocketAddress("10.71.0.5", 5201));
        Thread.ofPlatform().daemon().name("sender").start(() -> send(socket));
    }

    private static void send(Socket socket) {
        byte[] chunk = new byte[CHUNK];
        try (OutputStream out = socket.getOutputStream()) {
            while (true) {
                out.write(chunk);
            }
        } catch (Exception e) {
            throw new IllegalStateException("the stream broke", e);
        }
    }

    private static void receive(ServerSocket server) {
        byte[] chunk = new byte[CHUNK];
        try (Socket socket = server.accept();
                InputStream in = socket.getInputStream()) {
            while (in.read(chunk) >= 0) {
                // Only its way here matters.
            }
        } catch (Exception e) {
            throw new IllegalStateException("the stream broke", e);
        }
    }

    private static void awaitPackets(LabGateway sender, long number) {
        LabGateway.await(() -> packets(sender) >= number, Duration.ofMinutes(2), () -> "stuck at " + packets(sender));
    }

    private static long packets(LabGateway sender) {
        return sender.peer("right").traffic().txPackets();
    }

    /** Bytes so far by thread; both gateways' threads have the same names, so the id is part of the key. */
    private static Map<String, Long> allocated() {
        Map<String, Long> bytes = new TreeMap<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals("hawser-egress") || thread.getName().equals("hawser-ingress")) {
                bytes.put(
                        thread.getName() + "-" + thread.threadId(), THREADS.getThreadAllocatedBytes(thread.threadId()));
            }
        }
        return bytes;
    }
}
