// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.tunnel.port.Arrival;
import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.port.UdpPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresLab
class LinuxPortsIT {
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");
    private static final int SOON_MILLIS = 2_000;

    /** All of so many in one of two queues: once in half a million runs. */
    private static final int SENDERS = 20;

    private static final int EACH = 5;
    private static final int FLOW = 9_000;

    private final Arrival arrival = new Arrival();
    private NetworkLab lab;
    private Host host;
    private Arena arena;
    private MemorySegment buffer;

    @BeforeEach
    void open() {
        lab = NetworkLab.open("ports");
        host = lab.host("node");
        arena = Arena.ofShared();
        buffer = arena.allocate(1 << 17);
    }

    @AfterEach
    void close() {
        arena.close();
        lab.close();
    }

    @Test
    void answersFromThePortThatWasDialled() throws Exception {
        try (UdpPort server = udp(0, 0);
                UdpPort client = udp(0)) {
            int dialled = server.localPorts().get(1);
            buffer.set(ValueLayout.JAVA_BYTE, 0, (byte) 42);

            assertThat(client.send(buffer, 0, 1, 0, UdpEndpoint.of(LOOPBACK, dialled)))
                    .isEqualTo(UdpPort.Outcome.SENT);
            assertThat(receive(server)).isEqualTo(1);
            UdpEndpoint caller = arrival.endpoint();
            assertThat(caller)
                    .isEqualTo(new UdpEndpoint(LOOPBACK, client.localPorts().getFirst(), dialled));

            server.send(buffer, 0, 1, 0, caller);
            assertThat(receive(client)).isEqualTo(1);
            assertThat(arrival.endpoint().port()).isEqualTo(dialled);
            assertThat(arrival.isFrom(arrival.endpoint())).isTrue();
        }
    }

    @Test
    void carriesATrainOfDatagrams() throws Exception {
        try (UdpPort server = udp(0);
                UdpPort client = udp(0)) {
            int received = 0;

            UdpPort.Outcome outcome = client.send(
                    buffer,
                    0,
                    10_500,
                    1_000,
                    UdpEndpoint.of(LOOPBACK, server.localPorts().getFirst()));
            while (received < 10_500) {
                int length = receive(server);
                assertThat(length).isPositive();
                assertThat(arrival.segmentSize() == 0 ? length : arrival.segmentSize())
                        .isIn(1_000, 500);
                received += length;
            }

            assertThat(outcome).isEqualTo(UdpPort.Outcome.SENT);
            assertThat(received).isEqualTo(10_500);
        }
    }

    @Test
    void saysWhenAPortIsTaken() throws Exception {
        try (UdpPort first = udp(0)) {
            int taken = first.localPorts().getFirst();

            assertThatThrownBy(() -> udp(taken))
                    .isInstanceOf(TunnelIoException.class)
                    .hasMessage("listen on UDP port " + taken + ": Address already in use;"
                            + " stop what listens there, or choose another listen port");
        }
    }

    @Test
    void tellsThatAnEndpointCannotBeReached() throws Exception {
        try (UdpPort port = udp(0)) {
            assertThat(port.send(buffer, 0, 1, 0, UdpEndpoint.of(IpAddress.parse("203.0.113.1"), 9)))
                    .isEqualTo(UdpPort.Outcome.UNREACHABLE);
            assertThat(port.send(buffer, 0, 70_000, 0, UdpEndpoint.of(LOOPBACK, 9)))
                    .isEqualTo(UdpPort.Outcome.TOO_LARGE);
        }
    }

    @Test
    void saysWhenTheInterfaceIsTaken() throws Exception {
        try (PacketDevice first = tun()) {
            assertThat(first.name()).isEqualTo("hawser0");
            assertThatThrownBy(this::tun)
                    .isInstanceOf(TunnelIoException.class)
                    .hasMessage("create TUN interface hawser0: Device or resource busy;"
                            + " another process holds an interface of this name; stop it first");
        }
        assertThat(host.run("ip", "-o", "link").stdout()).doesNotContain("hawser0");
    }

    @Test
    void wakesAWaitingReader() throws Exception {
        try (PacketDevice device = tun()) {
            Thread reader = Thread.ofPlatform().daemon().start(() -> device.await(-1));

            device.wake();

            assertThat(reader.join(Duration.ofMillis(SOON_MILLIS))).isTrue();
        }
    }

    @Test
    void spreadsSendersOverQueuesAndKeepsTheOrderOfEach() throws Exception {
        try (UdpPort server = shared(2, 0)) {
            UdpEndpoint to = UdpEndpoint.of(LOOPBACK, server.localPorts().getFirst());
            for (int sender = 0; sender < SENDERS; sender++) {
                try (UdpPort client = udp(0)) {
                    for (int i = 0; i < EACH; i++) {
                        buffer.set(ValueLayout.JAVA_BYTE, 0, (byte) i);
                        client.send(buffer, 0, 1, 0, to);
                    }
                }
            }

            Map<Integer, List<Integer>> bySender = new HashMap<>();
            List<Set<Integer>> sendersOf = List.of(new HashSet<>(), new HashSet<>());
            for (int queue = 0; queue < 2; queue++) {
                while (server.receive(queue, buffer, 0, 1 << 16, arrival) >= 0) {
                    int sender = arrival.endpoint().port();
                    sendersOf.get(queue).add(sender);
                    bySender.computeIfAbsent(sender, port -> new ArrayList<>())
                            .add((int) buffer.get(ValueLayout.JAVA_BYTE, 0));
                }
            }

            assertThat(bySender).hasSize(SENDERS);
            assertThat(bySender.values())
                    .allSatisfy(numbers -> assertThat(numbers).hasSize(EACH).isSorted());
            assertThat(sendersOf).doesNotContain(Set.of());
            assertThat(sendersOf.getFirst()).doesNotContainAnyElementsOf(sendersOf.getLast());
        }
    }

    /** Sockets that share a port share it with any other of the same user that asks for it; no gateway shall do so by mistake. */
    @Test
    void sharesAPortWithNobodyElse() throws Exception {
        try (UdpPort first = shared(2, 0)) {
            int taken = first.localPorts().getFirst();

            assertThatThrownBy(() -> shared(2, taken)).hasMessageContaining("Address already in use");
            assertThatThrownBy(() -> udp(taken)).hasMessageContaining("Address already in use");
        }
    }

    @Test
    void keepsTheSocketsOfAPortThatStays() throws Exception {
        UdpPort before = shared(2, 0);
        try (UdpPort client = udp(0)) {
            int port = before.localPorts().getFirst();
            client.send(buffer, 0, 1, 0, UdpEndpoint.of(LOOPBACK, port));

            UdpPort after = before.reopen(List.of(0, 0));
            before.close();

            assertThat(after.localPorts()).hasSize(2).startsWith(port);
            // -1 where nothing waits.
            assertThat(List.of(
                            after.receive(0, buffer, 0, 1 << 16, arrival),
                            after.receive(1, buffer, 0, 1 << 16, arrival)))
                    .containsExactlyInAnyOrder(1, -1);
            after.close();
        }
    }

    @Test
    void givesEachFlowToOneOfSeveralQueues() throws Exception {
        List<PacketDevice> queues = host.call(() -> LinuxPacketDevice.open("hawser0", 1420, 2));
        try (UdpPort client = udp(0)) {
            host.run("ip", "link", "set", "hawser0", "up");
            host.address("hawser0", "10.9.0.1/24");
            for (int flow = 0; flow < SENDERS; flow++) {
                for (int i = 0; i < EACH; i++) {
                    client.send(buffer, 0, 1, 0, UdpEndpoint.of(IpAddress.parse("10.9.0.2"), FLOW + flow));
                }
            }

            List<Map<Integer, Integer>> flows =
                    queues.stream().map(this::readFlows).toList();

            assertThat(flows).doesNotContain(Map.of());
            assertThat(flows.getFirst())
                    .doesNotContainKeys(flows.getLast().keySet().toArray(Integer[]::new));
            assertThat(flows.getFirst().size() + flows.getLast().size()).isEqualTo(SENDERS);
            assertThat(flows).allSatisfy(ofQueue -> assertThat(ofQueue.values()).allMatch(count -> count == EACH));
        } finally {
            queues.forEach(PacketDevice::close);
        }
        assertThat(host.run("ip", "-o", "link").stdout()).doesNotContain("hawser0");
    }

    /** How many datagrams wait for each port; what else a host says on a new interface is left out. */
    private Map<Integer, Integer> readFlows(PacketDevice queue) {
        Map<Integer, Integer> flows = new HashMap<>();
        Offload offload = new Offload();
        while (queue.read(buffer, 64, offload) > 0) {
            boolean udp =
                    buffer.get(ValueLayout.JAVA_BYTE, 64) >>> 4 == 4 && buffer.get(ValueLayout.JAVA_BYTE, 64 + 9) == 17;
            int port = Short.toUnsignedInt(Short.reverseBytes(buffer.get(ValueLayout.JAVA_SHORT_UNALIGNED, 64 + 22)));
            if (udp && port >= FLOW) {
                flows.merge(port, 1, Integer::sum);
            }
        }
        return flows;
    }

    private PacketDevice tun() throws Exception {
        return host.call(() -> LinuxPacketDevice.open("hawser0", 1420, 1)).getFirst();
    }

    private LinuxUdpPort udp(Integer... ports) throws Exception {
        return shared(1, ports);
    }

    private LinuxUdpPort shared(int queues, Integer... ports) throws Exception {
        return host.call(() -> LinuxUdpPort.open(List.of(ports), queues));
    }

    private int receive(UdpPort port) {
        int length = port.receive(0, buffer, 1 << 16, 1 << 16, arrival);
        if (length < 0) {
            port.await(0, SOON_MILLIS);
            length = port.receive(0, buffer, 1 << 16, 1 << 16, arrival);
        }
        return length;
    }
}
