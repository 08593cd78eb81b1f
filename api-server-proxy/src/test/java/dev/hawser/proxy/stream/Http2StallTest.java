// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.handler.codec.http2.Http2StreamChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What clients send over HTTP/2 to targets that do not take it, over real sockets. */
@Timeout(60)
class Http2StallTest {
    private static final String TARGET = "kubernetes.default.svc:443";
    private static final int STREAMS = 6;
    /** More than the kernel takes on its way to a target that does not read. */
    private static final int UPLOAD = 12 << 20;

    private static final int PIECE = 40_000;

    private static String piece(int number) {
        return "%08d".formatted(number).repeat(PIECE / 8);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void anUploadArrivesWholeHoweverLateItIsRead(Transport transport) throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CompletableFuture<String> received = new CompletableFuture<>();
        try (Rig rig = new Rig(transport, socket -> {
                    awaitQuietly(sent);
                    byte[] all = socket.getInputStream().readAllBytes();
                    received.complete(new String(all, StandardCharsets.US_ASCII));
                    Rig.send(socket, "thanks");
                });
                Http2Client client = new Http2Client(rig.proxy.port())) {
            Http2Client.Talk talk = new Http2Client.Talk();
            Http2StreamChannel stream = client.connect(talk, TARGET);
            StringBuilder all = new StringBuilder(UPLOAD);
            for (int i = 0; i < UPLOAD / PIECE; i++) {
                all.append(piece(i));
                Http2Client.send(stream, piece(i), false);
            }
            Http2Client.send(stream, "", true);
            await().atMost(Duration.ofSeconds(20)).until(() -> rig.held.sum() > 0);
            assertThat(rig.bytes("to_target")).isLessThan(UPLOAD);
            sent.countDown();

            assertThat(talk.next()).isEqualTo("200 -");
            assertThat(received.get(30, TimeUnit.SECONDS)).isEqualTo(all.toString());
            assertThat(talk.next()).isEqualTo("end");
            assertThat(talk.text()).isEqualTo("thanks");
            assertThat(rig.held.sum()).isZero();
        }
    }

    /** Frames of a few bytes are objects of many: they are joined, and what is too much is reset. */
    @Test
    void smallFramesForManyStalledTargetsAreBounded() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        HeldBytes held = new HeldBytes(1 << 18);
        try (Rig rig = new Rig(Transport.best(), held, socket -> {
                    if (socket.getInputStream().read() == 'e') {
                        socket.getOutputStream().write('e');
                    } else {
                        awaitQuietly(over);
                    }
                });
                Http2Client client = new Http2Client(rig.proxy.port())) {
            for (int i = 0; i < STREAMS; i++) {
                Http2Client.Talk talk = new Http2Client.Talk();
                Http2StreamChannel stream = client.connect(talk, TARGET);
                assertThat(talk.next()).isEqualTo("200 -");
                // The kernel's own buffers are filled first.
                for (int sent = 0; sent < UPLOAD; sent += PIECE) {
                    Http2Client.send(stream, piece(i), false);
                }
                for (int frame = 0; frame < 2000; frame++) {
                    Http2Client.send(stream, "a few bytes at a time", false);
                }
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> rig.journal.openStreams() < STREAMS);

            assertThat(held.sum()).isLessThanOrEqualTo(3 << 17);
            Http2Client.Talk other = new Http2Client.Talk();
            Http2StreamChannel free = client.connect(other, TARGET);
            assertThat(other.next()).isEqualTo("200 -");
            Http2Client.send(free, "e", false);
            assertThat(other.next()).isEqualTo("end");
            assertThat(other.text()).isEqualTo("e");
            over.countDown();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            var _ = latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
