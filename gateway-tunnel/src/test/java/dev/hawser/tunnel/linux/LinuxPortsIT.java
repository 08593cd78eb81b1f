// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.tunnel.port.Arrival;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.port.UdpPort;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresLab
class LinuxPortsIT {
    private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");
    private static final int SOON_MILLIS = 2_000;

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
        try (LinuxPacketDevice first = tun()) {
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
        try (LinuxPacketDevice device = tun()) {
            Thread reader = Thread.ofPlatform().daemon().start(() -> device.await(-1));

            device.wake();

            assertThat(reader.join(Duration.ofMillis(SOON_MILLIS))).isTrue();
        }
    }

    private LinuxPacketDevice tun() throws Exception {
        return host.call(() -> LinuxPacketDevice.open("hawser0", 1420));
    }

    private LinuxUdpPort udp(Integer... ports) throws Exception {
        return host.call(() -> LinuxUdpPort.open(List.of(ports)));
    }

    private int receive(UdpPort port) {
        int length = port.receive(buffer, 1 << 16, 1 << 16, arrival);
        if (length < 0) {
            port.await(SOON_MILLIS);
            length = port.receive(buffer, 1 << 16, 1 << 16, arrival);
        }
        return length;
    }
}
