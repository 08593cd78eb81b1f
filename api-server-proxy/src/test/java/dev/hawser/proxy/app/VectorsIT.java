// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the proxy answers, over real sockets and by one process: every vector that a CONNECT proxy should be held to, and a
 * table of hostile heads. The API server is a socket of this test; what is refused must never reach it.
 */
@Timeout(60)
class VectorsIT {
    private static final int MOST_SINGLE_BYTES = 2048;
    private static final int PER_SOURCE = 20;
    private static final int TUNNELS = 64;

    private static ServerSocket apiServer = unbound();
    private static ServerSocket full = unbound();
    private static final List<Socket> filling = new ArrayList<>();
    private static int nobody;

    @SuppressWarnings("NullAway.Init") // Before all.
    private static ProxyProcess proxy;

    private static ServerSocket unbound() {
        try {
            return new ServerSocket();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeAll
    static void startProxy() throws IOException {
        apiServer = new ServerSocket(0, 512, ProxyProcess.LOOPBACK);
        apiServer.setSoTimeout(10_000);
        try (ServerSocket closed = new ServerSocket(0, 1, ProxyProcess.LOOPBACK)) {
            nobody = closed.getLocalPort();
        }
        fillQueue();
        proxy = ProxyProcess.start(
                apiServer.getLocalPort(), """
                targets: ["127.0.0.1:%d", "127.0.0.1:%d"]
                limits:
                  headTime: 2s
                  dialTime: 500ms
                  tunnels: %d
                  tunnelsPerSource: %d
                  connectsPerSecondPerSource: 100000
                  connectBurst: 100000
                """.formatted(nobody, full.getLocalPort(), TUNNELS, PER_SOURCE));
    }

    /** A listener that nobody accepts from: once its queue is full the kernel answers no more SYN, like a black hole. */
    private static void fillQueue() throws IOException {
        full = new ServerSocket(0, 1, ProxyProcess.LOOPBACK);
        boolean room = true;
        while (room) {
            Socket socket = new Socket();
            filling.add(socket);
            try {
                socket.connect(full.getLocalSocketAddress(), 200);
            } catch (IOException expected) {
                room = false;
            }
        }
    }

    @AfterAll
    static void endProxy() throws IOException {
        proxy.close();
        // Whatever was refused has not been dialled either.
        apiServer.setSoTimeout(50);
        assertThatThrownBy(apiServer::accept).isInstanceOf(SocketTimeoutException.class);
        for (Socket socket : filling) {
            socket.close();
        }
        full.close();
        apiServer.close();
    }

    static List<HostileHead> hostileHeads() throws IOException {
        return HostileHead.all();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Sends what it can: a client that has been answered may be cut off. */
    private static void send(Socket client, String text, boolean cut) throws IOException {
        OutputStream output = client.getOutputStream();
        try {
            int single = cut ? Math.min(text.length(), MOST_SINGLE_BYTES) : 0;
            for (int i = 0; i < single; i++) {
                output.write(text.charAt(i));
            }
            output.write(bytes(text.substring(single)));
        } catch (SocketException answered) {
            assertThat(text.length()).isGreaterThan(1);
        }
    }

    /** The whole answer to a head; it ends with the connection. */
    private static String answer(String head, boolean cut) throws IOException {
        try (Socket client = proxy.connect()) {
            send(client, head, cut);
            return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String answer(String target, String version) throws IOException {
        return answer("CONNECT " + target + " HTTP/" + version + "\r\nHost: x\r\n\r\n", false);
    }

    private static void assertRefused(String answer, int status) {
        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("\r\nConnection: close\r\n");
        int end = answer.indexOf("\r\n\r\n");
        assertThat(answer.substring(0, end)).contains("\r\nContent-Length: " + (answer.length() - end - 4));
        // Nothing that a client sends comes back: not to a browser, and not into somebody's terminal.
        assertThat(answer).doesNotContain("evil", "secret", "example.com");
        assertThat(answer.contains("\r\nAllow: CONNECT\r\n")).isEqualTo(status == 405);
    }

    @ParameterizedTest
    @MethodSource("hostileHeads")
    void refusesHostileHead(HostileHead head) throws IOException {
        assertRefused(answer(head.bytes(), false), head.status());
        assertRefused(answer(head.bytes(), true), head.status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes.default.svc:443",
                "Kubernetes.Default.SVC:443",
                "KUBERNETES.default.svc.:443",
                "kubernetes.default.svc.cluster.local.:443"
            })
    void opensATunnelForEverySpellingOfTheApiServer(String target) throws IOException {
        try (Socket client = proxy.connect()) {
            send(client, "CONNECT " + target + " HTTP/1.1\r\nHost: x\r\n\r\n", true);

            assertThat(ProxyProcess.head(client))
                    .startsWith("HTTP/1.1 200 ")
                    .doesNotContainIgnoringCase("Content-Length")
                    .doesNotContainIgnoringCase("Transfer-Encoding");
            apiServer.accept().close();
        }
    }

    @Test
    void opensATunnelForHttp10() throws IOException {
        try (Socket client = proxy.connect()) {
            send(client, "CONNECT kubernetes:443 HTTP/1.0\r\n\r\n", false);

            assertThat(ProxyProcess.head(client)).startsWith("HTTP/1.1 200 ");
            apiServer.accept().close();
        }
    }

    @Test
    void saysBadGatewayWhereNobodyListens() throws IOException {
        assertRefused(answer("127.0.0.1:" + nobody, "1.1"), 502);
    }

    @Test
    void saysGatewayTimeoutWhereNobodyAnswers() throws IOException {
        long begin = System.nanoTime();

        assertRefused(answer("127.0.0.1:" + full.getLocalPort(), "1.1"), 504);

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void understandsAddressesOfIpv6() throws IOException {
        // Understood and not allowed, which is not the same as malformed.
        assertRefused(answer("[fd00::1]:443", "1.1"), 403);
    }

    @Test
    void countsEachRefusal() throws IOException {
        double before = proxy.metric("hawser_proxy_connects_total{outcome=\"refused_target\"}");

        assertRefused(answer("169.254.169.254:80", "1.1"), 403);

        assertThat(proxy.metric("hawser_proxy_connects_total{outcome=\"refused_target\"}"))
                .isEqualTo(before + 1);
    }

    @Test
    void deliversWhatCameWithTheHeadAndNothingBefore200() throws IOException {
        String hello = "\u0016\u0003\u0001\u0000\u00ff";
        try (Socket client = proxy.connect()) {
            send(client, ProxyProcess.CONNECT + hello, false);
            try (Socket target = apiServer.accept()) {
                assertThat(target.getInputStream().readNBytes(hello.length())).isEqualTo(bytes(hello));
                target.getOutputStream().write('y');

                assertThat(ProxyProcess.head(client)).startsWith("HTTP/1.1 200 ");
                assertThat(client.getInputStream().read()).isEqualTo('y');
            }
        }
    }

    @Test
    void takesGarbageBehindTheHeadForTheTargets() throws IOException {
        String garbage = "GET / HTTP/1.1\r\n\r\nCONNECT evil:1 HTTP/1.1\r\n\r\n\0\r\n";
        try (Socket client = proxy.connect()) {
            send(client, ProxyProcess.CONNECT + garbage, true);
            try (Socket target = apiServer.accept()) {
                assertThat(target.getInputStream().readNBytes(garbage.length())).isEqualTo(bytes(garbage));
            }
        }
    }

    @Test
    void passesOnTheEndOfEachDirectionByItself() throws IOException {
        try (Socket client = proxy.tunnel();
                Socket target = apiServer.accept()) {
            client.getOutputStream().write(bytes("question"));
            client.shutdownOutput();
            assertThat(target.getInputStream().readAllBytes()).isEqualTo(bytes("question"));

            target.getOutputStream().write(bytes("answer"));
            target.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(bytes("answer"));
        }
    }

    @Test
    void endsAHeadThatTakesTooLong() throws IOException {
        try (Socket client = proxy.connect()) {
            send(client, "CONNECT kubernetes:443 HTTP/1.1\r\nHost: k", true);
            long begin = System.nanoTime();

            String answer = new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);

            assertRefused(answer, 408);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void tellsOneSourceThatItHasEnoughAndServesTheOthers() throws IOException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < PER_SOURCE; i++) {
                open.add(proxy.tunnel());
                open.add(apiServer.accept());
            }

            String answer = answer(ProxyProcess.CONNECT, false);
            assertRefused(answer, 429);
            assertThat(answer).containsPattern("\r\nRetry-After: [1-9]");

            open.add(proxy.tunnel(proxy.connectFrom("127.0.0.2")));
            open.add(apiServer.accept());
        } finally {
            closeAll(open);
        }
    }

    @Test
    void tellsEverybodyWhenItIsFull() throws IOException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < TUNNELS; i++) {
                open.add(proxy.tunnel(proxy.connectFrom("127.0.1." + (i + 1))));
                open.add(apiServer.accept());
            }

            String answer = answer(ProxyProcess.CONNECT, false);
            assertRefused(answer, 503);
            assertThat(answer).containsPattern("\r\nRetry-After: [1-9]");
            assertThat(proxy.status("/healthz")).isEqualTo(200);
        } finally {
            closeAll(open);
        }
    }

    private static void closeAll(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        await().until(() -> proxy.metric("hawser_proxy_streams ") == 0);
    }
}
