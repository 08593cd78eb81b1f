// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.benchmarks.BenchmarkException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LoadTest {
    private static final String LOOPBACK = "127.0.0.1";
    private static final long SHORT = 50_000_000;
    private static final String HEAD = "CONNECT target:443 HTTP/1.1\r\n\r\n";

    private final Parties parties = new Parties(ProcessHandle.current().pid());
    private Contender direct = contender("", 1);

    @BeforeEach
    void startTarget() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        direct = contender("", port);
        Thread.ofPlatform().daemon().start(() -> target(port));
        ProxyTurn.awaitOpening(direct);
    }

    @AfterEach
    void nothingIsLeft() {
        direct.close();
    }

    private static void target(int port) {
        try {
            LoadTarget.main(new String[] {LOOPBACK, String.valueOf(port)});
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Contender contender(String head, int port) {
        return new Contender("direct", new InetSocketAddress(InetAddress.ofLiteral(LOOPBACK), port), head, null);
    }

    @Test
    void opensAsManyTunnelsAsAreWanted() throws IOException {
        List<SocketChannel> open = Tunnels.open(direct, 100);

        assertThat(open).hasSize(100).allMatch(SocketChannel::isConnected);
        open.forEach(Tunnels::end);
        assertThat(Tunnels.openAndClose(direct, SHORT)).isPositive();
    }

    @Test
    void measuresWhatArrivesAndWhoSpentTime() throws IOException {
        Bulk bulk = Bulk.carry(direct, parties, 3, SHORT);

        assertThat(bulk.bytes()).isPositive();
        assertThat(bulk.gigabitsPerSecond()).isPositive();
        assertThat(bulk.spent().proxy()).isZero();
    }

    @Test
    void makesRoundTrips() throws IOException {
        SocketChannel tunnel = Tunnels.open(direct, 1).getFirst();
        try (tunnel) {
            Trips trips = Trips.make(direct, tunnel, SHORT);

            assertThat(trips.p50Micros()).isPositive();
            assertThat(trips.p99Micros()).isGreaterThanOrEqualTo(trips.p50Micros());
        }
    }

    @Test
    void takesARefusalForNoTunnel() throws Exception {
        try (ServerSocket proxy = new ServerSocket(0, 1, InetAddress.ofLiteral(LOOPBACK))) {
            Thread refusing = Thread.ofPlatform().daemon().start(() -> refuse(proxy));
            Contender contender = contender(HEAD, proxy.getLocalPort());

            assertThatThrownBy(() -> Tunnels.open(contender, 1))
                    .isInstanceOf(BenchmarkException.class)
                    .hasMessageContaining("403 Forbidden");
            refusing.join();
        }
    }

    private static void refuse(ServerSocket proxy) {
        try (Socket client = proxy.accept()) {
            client.getInputStream().readNBytes(HEAD.length());
            client.getOutputStream().write("HTTP/1.1 403 Forbidden\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
