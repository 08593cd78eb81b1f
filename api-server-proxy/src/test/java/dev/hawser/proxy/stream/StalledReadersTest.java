// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many who ask for much and do not read it, beside others who do; over real sockets. */
@Timeout(120)
class StalledReadersTest {
    private static final int MANY = 40;
    /** More than the kernel takes for one connection on its way from the target to a client. */
    private static final int ANSWER = 24 << 20;

    private static final int BUDGET = 256 << 10;

    /** Echoes one byte; what it was decides whether a long answer follows. */
    private static void answer(Socket socket) throws IOException {
        int asked = socket.getInputStream().read();
        socket.getOutputStream().write(asked);
        if (asked == 'x') {
            byte[] part = new byte[64 << 10];
            for (int at = 0; at < ANSWER; at += part.length) {
                for (int i = 0; i < part.length; i++) {
                    part[i] = noise(at + i);
                }
                socket.getOutputStream().write(part);
            }
        }
    }

    private static byte noise(int at) {
        return (byte) (at * 31 ^ at >> 9);
    }

    private static void readAll(Socket client) throws IOException {
        InputStream in = client.getInputStream();
        assertThat(in.read()).isEqualTo('x');
        byte[] part = new byte[256 << 10];
        int at = 0;
        for (int count = in.read(part); count >= 0; count = in.read(part)) {
            for (int i = 0; i < count; i++) {
                if (part[i] != noise(at + i)) {
                    throw new AssertionError("byte " + (at + i) + " is not what was sent");
                }
            }
            at += count;
        }
        assertThat(at).isEqualTo(ANSWER);
    }

    private static void echoes(Rig rig) throws IOException {
        try (Socket other = rig.connected()) {
            Rig.send(other, "e");
            assertThat(other.getInputStream().read()).isEqualTo('e');
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void leaveRoomForOthersAndLoseNothing(Transport transport) throws Exception {
        HeldBytes held = new HeldBytes(BUDGET);
        List<Socket> stalled = new ArrayList<>();
        try (Rig rig = new Rig(transport, held, StalledReadersTest::answer)) {
            for (int i = 0; i < MANY; i++) {
                Socket client = rig.connected();
                stalled.add(client);
                Rig.send(client, "x");
            }
            settle(held);

            assertThat(held.sum()).isBetween((long) BUDGET / 2, BUDGET + (long) MANY * HeldBytes.LEAST);
            echoes(rig);
            for (Socket client : stalled) {
                readAll(client);
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> held.sum() == 0);
        } finally {
            for (Socket client : stalled) {
                client.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void areCutWhereNothingIsLeft(Transport transport) throws Exception {
        HeldBytes nothing = new HeldBytes(0);
        try (Rig rig = new Rig(transport, nothing, StalledReadersTest::answer);
                Socket stalled = rig.connected()) {
            Rig.send(stalled, "x");
            await().atMost(Duration.ofSeconds(30)).until(() -> rig.journal.openStreams() == 0);

            assertThatThrownBy(() -> readAll(stalled)).isInstanceOf(SocketException.class);
            echoes(rig);
            assertThat(nothing.sum()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void whoSpeaksBeforeTheAnswerIsRefusedWhereNothingIsLeft(Transport transport) throws Exception {
        try (Rig rig = new Rig(transport, new HeldBytes(0), StalledReadersTest::answer)) {
            assertThat(rig.exchange(Rig.CONNECT + "early"))
                    .startsWith("HTTP/1.1 503 ")
                    .contains("Retry-After: 1\r\n")
                    .contains("send it behind the answer");
            assertThat(rig.refusals(Reason.MEMORY)).isEqualTo(1);
            echoes(rig);
        }
    }

    private static void settle(HeldBytes held) {
        AtomicLong before = new AtomicLong();
        await().during(Duration.ofMillis(500))
                .atMost(Duration.ofSeconds(30))
                .until(() -> held.sum() > 0 && before.getAndSet(held.sum()) == held.sum());
    }
}
