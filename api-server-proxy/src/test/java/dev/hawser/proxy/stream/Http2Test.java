// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.proxy.admission.Rules;
import dev.hawser.proxy.admission.Sources;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tunnels that are streams of one HTTP/2 connection (RFC 9113 section 8.5), over real sockets. */
@Timeout(60)
class Http2Test {
    private static final String TARGET = "kubernetes.default.svc:443";

    @ParameterizedTest
    @EnumSource(Transport.class)
    void carriesTunnelsBesideEachOtherAndClosesHalves(Transport transport) throws Exception {
        try (Rig rig = new Rig(transport, socket -> {
                    byte[] question = socket.getInputStream().readAllBytes();
                    Rig.send(socket, "you said " + new String(question, StandardCharsets.UTF_8));
                });
                Http2Client client = new Http2Client(rig.proxy.port())) {
            Http2Client.Talk one = new Http2Client.Talk();
            Http2Client.Talk two = new Http2Client.Talk();
            Http2StreamChannel first = client.connect(one, "Kubernetes.Default.SVC.:443");
            Http2StreamChannel second = client.connect(two, TARGET);
            assertThat(one.next()).isEqualTo("200 -");
            assertThat(two.next()).isEqualTo("200 -");
            Http2Client.send(second, "b", true);
            Http2Client.send(first, "a", true);

            assertThat(one.next()).isEqualTo("end");
            assertThat(two.next()).isEqualTo("end");
            assertThat(one.text()).isEqualTo("you said a");
            assertThat(two.text()).isEqualTo("you said b");
            await().atMost(Duration.ofSeconds(10)).until(() -> rig.admission.tunnels() == 1);
            assertThat(rig.bytes("to_target")).isEqualTo(2);
        }
    }

    @Test
    void refusesLikeOverHttp1() throws Exception {
        try (Rig rig = new Rig(Transport.best(), Rig::echo);
                Http2Client client = new Http2Client(rig.proxy.port())) {
            assertThat(refusal(
                            client, new DefaultHttp2Headers().method("CONNECT").authority("169.254.169.254:80")))
                    .isEqualTo("403 hawser; error=http_request_denied");
            assertThat(refusal(
                            client, new DefaultHttp2Headers().method("CONNECT").authority("kubernetes")))
                    .isEqualTo("400 hawser; error=http_request_error");
            assertThat(refusal(
                            client,
                            new DefaultHttp2Headers()
                                    .method("GET")
                                    .authority("a")
                                    .scheme("http")
                                    .path("/")))
                    .isEqualTo("405 hawser; error=http_request_error");
            assertThat(refusal(
                            client,
                            new DefaultHttp2Headers()
                                    .method("CONNECT")
                                    .authority(TARGET)
                                    .scheme("https")
                                    .path("/")))
                    .startsWith("400 ");
            rig.endTarget();
            assertThat(refusal(
                            client, new DefaultHttp2Headers().method("CONNECT").authority(TARGET)))
                    .isEqualTo("502 hawser; error=connection_refused");
            // The connection itself.
            await().atMost(Duration.ofSeconds(10)).until(() -> rig.admission.tunnels() == 1);
        }
    }

    private static String refusal(Http2Client client, Http2Headers request) throws InterruptedException {
        Http2Client.Talk talk = new Http2Client.Talk();
        Http2Client.request(client.stream(talk), request);
        String status = talk.next();
        // The reset behind the answer may overtake its content on the way through the client.
        assertThat(talk.next()).isIn("end", "reset 0");
        return status;
    }

    @Test
    void admitsEachStreamLikeAnyClient() throws Exception {
        try (Rig rig = new Rig(Transport.best(), new Rules(Sources.EVERYBODY, 9, 2, 9, 1000, 1000, 9), Rig::echo);
                Http2Client client = new Http2Client(rig.proxy.port())) {
            Http2Client.Talk first = new Http2Client.Talk();
            client.connect(first, TARGET);
            assertThat(first.next()).isEqualTo("200 -");
            Http2Client.Talk second = new Http2Client.Talk();
            client.connect(second, TARGET);

            assertThat(second.next()).isEqualTo("429 hawser; error=connection_limit_reached");
            assertThat(rig.refusals(Reason.SOURCE_TUNNELS)).isEqualTo(1);
        }
    }

    @Test
    void passesResetsOnBothWays() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        CompletableFuture<String> seen = new CompletableFuture<>();
        try (Rig rig = new Rig(Transport.best(), socket -> {
                    int word = socket.getInputStream().read();
                    if (word == 'c') {
                        socket.setSoLinger(true, 0);
                        return;
                    }
                    cut.countDown();
                    try {
                        seen.complete("read " + socket.getInputStream().read());
                    } catch (IOException e) {
                        seen.complete("cut");
                    }
                });
                Http2Client client = new Http2Client(rig.proxy.port())) {
            Http2Client.Talk one = new Http2Client.Talk();
            Http2StreamChannel first = client.connect(one, TARGET);
            assertThat(one.next()).isEqualTo("200 -");
            Http2Client.send(first, "c", false);
            assertThat(one.next()).as("CONNECT_ERROR").isEqualTo("reset 10");

            Http2Client.Talk two = new Http2Client.Talk();
            Http2StreamChannel second = client.connect(two, TARGET);
            assertThat(two.next()).isEqualTo("200 -");
            Http2Client.send(second, "x", false);
            assertThat(cut.await(10, TimeUnit.SECONDS)).isTrue();
            Http2Client.reset(second);
            assertThat(seen.get(10, TimeUnit.SECONDS)).isEqualTo("cut");
        }
    }

    @Test
    void aStreamThatIsNotReadStopsItsTargetAndNobodyElse() throws Exception {
        int large = 8 * 1024 * 1024;
        try (Rig rig = new Rig(Transport.best(), socket -> {
                    byte[] noise = new byte[large];
                    socket.getInputStream().read();
                    socket.getOutputStream().write(noise);
                });
                Http2Client client = new Http2Client(rig.proxy.port())) {
            Http2Client.Talk stalled = new Http2Client.Talk();
            Http2StreamChannel first = client.connect(stalled, TARGET);
            assertThat(stalled.next()).isEqualTo("200 -");
            first.config().setAutoRead(false);
            Http2Client.send(first, "x", false);
            Http2Client.Talk other = new Http2Client.Talk();
            Http2StreamChannel second = client.connect(other, TARGET);
            assertThat(other.next()).isEqualTo("200 -");
            Http2Client.send(second, "x", false);

            await().atMost(Duration.ofSeconds(20)).until(() -> other.bytes.get() == large);
            assertThat(rig.bytes("to_client")).isLessThan(large + large / 2);
            first.config().setAutoRead(true);
            await().atMost(Duration.ofSeconds(20)).until(() -> stalled.bytes.get() == large);
        }
    }

    @Test
    void endsAConnectionThatHasNoStream() throws Exception {
        try (Rig rig = new Rig(
                        Transport.best(),
                        usual -> new StreamLimits(
                                usual.head(),
                                Duration.ofMillis(300),
                                usual.dialTime(),
                                usual.idle(),
                                usual.halfClosedIdle(),
                                usual.lifetime()),
                        Rig::echo);
                Http2Client client = new Http2Client(rig.proxy.port())) {
            await().atMost(Duration.ofSeconds(10)).until(() -> !client.connection.isOpen());

            assertThat(client.toldToGoAway).isTrue();
            await().atMost(Duration.ofSeconds(10)).until(() -> rig.admission.tunnels() == 0);
        }
    }

    @Test
    void readsAHeadThatOnlyBeginsLikeThePreface() throws Exception {
        try (Rig rig = new Rig(Transport.best(), Rig::echo)) {
            assertThat(rig.exchange("PRI / HTTP/1.1\r\n\r\n")).startsWith("HTTP/1.1 405 ");
            assertThat(rig.exchange("PRI * HTTP/2.0\r\n\r\nXX")).startsWith("HTTP/1.1 505 ");
            try (Socket half = rig.client()) {
                Rig.send(half, "PRI * HT");
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> rig.admission.tunnels() == 0);
        }
    }
}
