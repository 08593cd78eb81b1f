// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.proxy.admission.Rules;
import dev.hawser.proxy.admission.Sources;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From the accepted connection to the answer, over real sockets. */
@Timeout(60)
class DecisionTest {
    private static String lines(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private static StreamLimits withTimes(StreamLimits limits, Duration head, Duration dial) {
        return new StreamLimits(limits.head(), head, dial, limits.idle(), limits.halfClosedIdle(), limits.lifetime());
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void answers200ToEverySpellingAndVersion(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, socket -> Rig.send(socket, "hello"))) {
            String byName = rig.exchange(Rig.CONNECT);
            String byAddress = rig.exchange("CONNECT 127.0.0.1:" + rig.target.getLocalPort() + " HTTP/1.0\r\n\r\n");

            assertThat(byName).isEqualTo("HTTP/1.1 200 Connection established\r\n\r\nhello");
            assertThat(byAddress).isEqualTo(byName);
            assertThat(rig.count(Outcome.CONNECTED)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void refusesOtherTargetsInOneSentenceAndDialsNothing(Transport transport) throws IOException {
        AtomicInteger dialled = new AtomicInteger();
        try (Rig rig = new Rig(transport, socket -> dialled.incrementAndGet())) {
            String answer = rig.exchange("CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: a\r\n\r\nearly");

            assertThat(answer)
                    .startsWith(lines(
                            "HTTP/1.1 403 Forbidden",
                            "Connection: close",
                            "Proxy-Status: hawser; error=http_request_denied"))
                    .endsWith("\r\n\r\nThis proxy connects to the API server of its own cluster only, "
                            + "as kubernetes.default.svc:443.\n");
            assertThat(rig.count(Outcome.REFUSED_TARGET)).isEqualTo(1);
            assertThat(dialled).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void answers502AndNever200WhenTheTargetRefuses(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, Rig::echo)) {
            rig.endTarget();

            String answer = rig.exchange(Rig.CONNECT + "early data");

            assertThat(answer)
                    .startsWith("HTTP/1.1 502 Bad Gateway\r\n")
                    .contains("Proxy-Status: hawser; error=connection_refused\r\n")
                    .doesNotContain("200", "Connection refused", "127.0.0.1");
            assertThat(rig.count(Outcome.DIAL_FAILED)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void answers504WhenTheTargetStaysSilent(Transport transport) throws IOException {
        StreamLimits limits = withTimes(StreamLimits.DEFAULT, Duration.ofSeconds(10), Duration.ofMillis(300));
        List<Socket> queue = new ArrayList<>();
        // Nobody accepts and the queue is soon full, so the kernel drops each further SYN: a black hole on loopback.
        try (Rig rig = new Rig(transport, Rig.RULES, limits, new ServerSocket(0, 1, Rig.LOOPBACK))) {
            fill(rig.target, queue);

            assertThat(rig.exchange(Rig.CONNECT))
                    .startsWith("HTTP/1.1 504 Gateway Timeout\r\n")
                    .contains("error=connection_timeout\r\n");
            assertThat(rig.count(Outcome.DIAL_TIMEOUT)).isEqualTo(1);
        } finally {
            for (Socket socket : queue) {
                socket.close();
            }
        }
    }

    private static void fill(ServerSocket hole, List<Socket> queue) throws IOException {
        for (int i = 0; i < 8; i++) {
            Socket socket = new Socket();
            queue.add(socket);
            try {
                socket.connect(hole.getLocalSocketAddress(), 200);
            } catch (IOException queueIsFull) {
                return;
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void refusesOtherMethodsAndGarbage(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, Rig::echo)) {
            assertThat(rig.exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
                    .startsWith("HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nAllow: CONNECT\r\n");
            assertThat(rig.exchange("\u0016\u0003\u0001\u0000\u00a5")).startsWith("HTTP/1.1 400 Bad Request\r\n");
            assertThat(rig.exchange("GET / HTTP/2.0\r\n\r\n")).startsWith("HTTP/1.1 505 ");
            assertThat(rig.count(Outcome.METHOD_NOT_ALLOWED)).isEqualTo(1);
            assertThat(rig.count(Outcome.BAD_REQUEST)).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void deliversTheRefusalThoughMoreIsSentThanIsRead(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, Rig::echo)) {
            // Without lingering the kernel answers the unread rest with a reset, which overtakes the answer.
            String head = "CONNECT a:1 HTTP/1.1\r\nX: " + "a".repeat(40_000);

            assertThat(rig.exchange(head)).startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n");
            assertThat(rig.exchange("CONNECT " + "a".repeat(40_000))).startsWith("HTTP/1.1 414 ");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void endsAHeadThatDripsIn(Transport transport) throws Exception {
        try (Rig rig = new Rig(
                        transport, limits -> withTimes(limits, Duration.ofMillis(300), limits.dialTime()), Rig::echo);
                Socket client = rig.client()) {
            // Waiting for the answer is what spaces the drops: each one arrives, and none renews the time allowed.
            client.setSoTimeout(50);
            String answer = "";
            for (int i = 0; answer.isEmpty() && i < Rig.CONNECT.length(); i++) {
                Rig.send(client, Rig.CONNECT.substring(i, i + 1));
                try {
                    answer = Rig.head(client);
                } catch (SocketTimeoutException notYet) {
                    // No answer so far: the next byte goes out.
                }
            }

            assertThat(answer).startsWith("HTTP/1.1 408 Request Timeout\r\n");
            assertThat(rig.count(Outcome.HEAD_TIMEOUT)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void refusesClientsBeyondItsLimitAndRecovers(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, new Rules(Sources.EVERYBODY, 2, 2, 2, 1000, 1000, 9), Rig::echo)) {
            Socket first = rig.connected();
            try (Socket second = rig.connected()) {
                assertThat(rig.exchange(""))
                        .startsWith(lines(
                                "HTTP/1.1 429 Too Many Requests",
                                "Connection: close",
                                "Retry-After: 1",
                                "Proxy-Status: hawser; error=connection_limit_reached"));
                Rig.send(second, "still alive");
                assertThat(second.getInputStream().readNBytes(11)).asString().isEqualTo("still alive");
            }
            first.close();

            await().atMost(Duration.ofSeconds(10))
                    .ignoreExceptions()
                    .until(() -> rig.exchange("GET / HTTP/1.1\r\n").contains(" 405 "));
            assertThat(rig.count(Outcome.OVER_LIMIT)).isPositive();
            assertThat(rig.refusals(Reason.SOURCE_TUNNELS)).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void answers503WhenEverybodyTogetherIsTooMuch(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, new Rules(Sources.EVERYBODY, 1, 9, 9, 1000, 1000, 9), Rig::echo);
                Socket first = rig.connected()) {
            assertThat(rig.exchange(""))
                    .startsWith("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\n");
            assertThat(first.isConnected()).isTrue();
            assertThat(rig.refusals(Reason.TUNNELS)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void saysWhenToComeBackToWhoComesTooOften(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, new Rules(Sources.EVERYBODY, 9, 9, 9, 1, 2, 9), Rig::echo)) {
            rig.connected().close();
            rig.connected().close();

            assertThat(rig.exchange(Rig.CONNECT))
                    .startsWith("HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nRetry-After: 1\r\n");
            assertThat(rig.refusals(Reason.RATE)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void refusesAddressesOfNobody(Transport transport) throws IOException {
        Sources others = Sources.of(List.of(Cidr.parse("10.0.0.0/8")), List.of(), List.of());
        try (Rig rig = new Rig(transport, Rig.RULES.of(others), Rig::echo)) {
            assertThat(rig.exchange(Rig.CONNECT))
                    .startsWith(lines(
                            "HTTP/1.1 403 Forbidden",
                            "Connection: close",
                            "Proxy-Status: hawser; error=http_request_denied"));
            assertThat(rig.count(Outcome.REFUSED_SOURCE)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void takesNewRulesAndPoliciesWhileStreamsGoOn(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, Rig::echo);
                Socket before = rig.connected()) {
            rig.admission.rules(Rig.RULES.of(Sources.of(List.of(), List.of(), List.of())));
            assertThat(rig.exchange(Rig.CONNECT)).contains(" 403 ");
            rig.admission.rules(Rig.RULES);
            rig.proxy.policy(Rig.policy(StreamLimits.DEFAULT, 9));
            assertThat(rig.exchange(Rig.CONNECT)).contains(" 502 ");

            Rig.send(before, "undisturbed");
            assertThat(before.getInputStream().readNBytes(11)).asString().isEqualTo("undisturbed");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void forgetsClientsThatLeaveWithoutAskingAnything(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, Rig::echo)) {
            rig.client().close();
            try (Socket half = rig.client()) {
                Rig.send(half, "CONNECT kub");
            }

            await().atMost(Duration.ofSeconds(10)).until(() -> rig.count(Outcome.ABANDONED) == 2);
        }
    }
}
