// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From the answer 200 to the end, over real sockets. */
@Timeout(60)
class StreamTest {
    private static final int LARGE = 32 * 1024 * 1024;

    private static String digest(InputStream in, long atMost) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[64 * 1024];
        long left = atMost;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                break;
            }
            digest.update(buffer, 0, read);
            left -= read;
        }
        return HexFormat.of().formatHex(digest.digest()) + "/" + (atMost - left);
    }

    /** Writes noise that the seed determines, and says what it was. */
    private static String pour(OutputStream out, long seed, int size) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        MessageDigest digest = sha256();
        byte[] buffer = new byte[48 * 1024];
        for (int left = size; left > 0; left -= buffer.length) {
            random.nextBytes(buffer);
            int count = Math.min(left, buffer.length);
            out.write(buffer, 0, count);
            digest.update(buffer, 0, count);
        }
        return HexFormat.of().formatHex(digest.digest()) + "/" + size;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void deliversWhatCameTogetherWithTheHead(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, Rig::echo);
                Socket client = rig.client()) {
            Rig.send(client, Rig.CONNECT + "early");

            assertThat(Rig.head(client)).contains(" 200 ");
            Rig.send(client, " and late");
            client.shutdownOutput();
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("early and late");
            assertThat(rig.bytes("to_target")).isEqualTo(14);
            assertThat(rig.bytes("to_client")).isEqualTo(14);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void deliversLargeEarlyDataAndAnEndThatCameBeforeTheAnswer(Transport transport) throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        try (Rig rig = new Rig(transport, socket -> {
                    received.complete(digest(socket.getInputStream(), Long.MAX_VALUE));
                    Rig.send(socket, "thanks");
                });
                Socket client = rig.client()) {
            Rig.send(client, Rig.CONNECT);
            String sent = pour(client.getOutputStream(), 7, 3_000_000);
            client.shutdownOutput();

            assertThat(Rig.head(client)).contains(" 200 ");
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("thanks");
            assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo(sent);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void letsTheTargetAnswerAClientThatSaidItsLast(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, socket -> {
                    byte[] question = socket.getInputStream().readAllBytes();
                    Rig.send(socket, "you said " + new String(question, StandardCharsets.UTF_8));
                });
                Socket client = rig.connected()) {
            Rig.send(client, "all of it");
            client.shutdownOutput();

            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("you said all of it");
            await().atMost(Duration.ofSeconds(10)).until(() -> rig.journal.openStreams() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void letsTheClientGoOnWhenTheTargetSaidItsLast(Transport transport) throws Exception {
        CompletableFuture<String> received = new CompletableFuture<>();
        try (Rig rig = new Rig(transport, socket -> {
                    Rig.send(socket, "banner");
                    socket.shutdownOutput();
                    received.complete(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
                });
                Socket client = rig.connected()) {
            assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("banner");

            Rig.send(client, "still talking");
            client.shutdownOutput();

            assertThat(received.get(10, TimeUnit.SECONDS)).isEqualTo("still talking");
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void copiesLargeAmountsBothWaysAtOnce(Transport transport) throws Exception {
        CompletableFuture<String> up = new CompletableFuture<>();
        CompletableFuture<String> down = new CompletableFuture<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Rig rig = new Rig(transport, socket -> {
                    Thread.ofVirtual().start(() -> {
                        try {
                            down.complete(pour(socket.getOutputStream(), 1, LARGE));
                            socket.shutdownOutput();
                        } catch (IOException e) {
                            down.completeExceptionally(e);
                        }
                    });
                    up.complete(digest(socket.getInputStream(), Long.MAX_VALUE));
                    down.join();
                });
                Socket client = rig.connected()) {
            Future<String> sent = threads.submit(() -> {
                String what = pour(client.getOutputStream(), 2, LARGE);
                client.shutdownOutput();
                return what;
            });

            String got = digest(client.getInputStream(), Long.MAX_VALUE);

            assertThat(got).isEqualTo(down.get(10, TimeUnit.SECONDS));
            assertThat(up.get(10, TimeUnit.SECONDS)).isEqualTo(sent.get());
            assertThat(rig.bytes("to_client")).isEqualTo(LARGE);
            assertThat(rig.bytes("to_target")).isEqualTo(LARGE);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void takesNoMoreFromTheTargetThanASlowClientLeavesRoomFor(Transport transport) throws Exception {
        CompletableFuture<String> sent = new CompletableFuture<>();
        try (Rig rig = new Rig(transport, socket -> sent.complete(pour(socket.getOutputStream(), 3, LARGE)));
                Socket client = rig.connected()) {
            // Not a byte is read until the proxy has stopped taking any: what it took then is in buffers.
            long[] before = {-1};
            await().atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(300))
                    .until(() -> {
                        long now = rig.bytes("to_client");
                        boolean still = now > 0 && now == before[0];
                        before[0] = now;
                        return still;
                    });

            // The kernel's buffers on loopback hold some 6 MB; the proxy's own share is 128 KiB and one read.
            assertThat(rig.bytes("to_client")).isLessThan(LARGE / 2);
            assertThat(sent).isNotDone();
            assertThat(digest(client.getInputStream(), Long.MAX_VALUE)).isEqualTo(sent.get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void losesNothingWhenTheTargetEndsWhileTheClientIsPaused(Transport transport) throws Exception {
        // More than the kernel holds for the client, less than it holds for both: the end arrives while reading is off.
        int size = 9 * 1024 * 1024;
        CompletableFuture<String> sent = new CompletableFuture<>();
        try (Rig rig = new Rig(transport, socket -> sent.complete(pour(socket.getOutputStream(), 4, size)));
                Socket client = rig.connected()) {
            await().during(Duration.ofMillis(400)).atMost(Duration.ofSeconds(5)).until(() -> true);

            assertThat(digest(client.getInputStream(), Long.MAX_VALUE)).isEqualTo(sent.get(10, TimeUnit.SECONDS));
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void passesAResetOnAsAReset(Transport transport) throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        try (Rig rig = new Rig(transport, socket -> {
                    Rig.send(socket, "half a sen");
                    try {
                        read.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    socket.setSoLinger(true, 0);
                });
                Socket client = rig.connected()) {
            assertThat(client.getInputStream().readNBytes(10)).asString().isEqualTo("half a sen");
            read.countDown();

            // A clean end here would let the client take half a sentence for a whole one.
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            await().atMost(Duration.ofSeconds(10)).until(() -> rig.journal.openStreams() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void endsAStreamThatCarriesNothingForTooLong(Transport transport) throws IOException {
        try (Rig rig = new Rig(
                        transport,
                        usual -> new StreamLimits(
                                usual.head(),
                                usual.headTime(),
                                usual.dialTime(),
                                Duration.ofMillis(300),
                                usual.halfClosedIdle(),
                                usual.lifetime()),
                        Rig::echo);
                Socket client = rig.connected()) {
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            await().atMost(Duration.ofSeconds(10)).until(() -> rig.journal.openStreams() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void endsAStreamThatIsTooOldHoweverBusy(Transport transport) throws IOException {
        try (Rig rig = new Rig(
                        transport,
                        usual -> new StreamLimits(
                                usual.head(),
                                usual.headTime(),
                                usual.dialTime(),
                                Duration.ofMinutes(1),
                                usual.halfClosedIdle(),
                                Duration.ofMillis(400)),
                        Rig::echo);
                Socket client = rig.connected()) {
            assertThatThrownBy(() -> {
                        while (true) {
                            Rig.send(client, "x");
                            client.getInputStream().read();
                        }
                    })
                    .isInstanceOf(SocketException.class);
            await().atMost(Duration.ofSeconds(10)).until(() -> rig.journal.openStreams() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void givesEveryPlaceBack(Transport transport) throws IOException {
        try (Rig rig = new Rig(transport, Rig::echo)) {
            rig.connected().close();
            rig.exchange("nonsense\r\n");
            rig.client().close();
            try (Socket client = rig.connected()) {
                client.setSoLinger(true, 0);
            }

            await().atMost(Duration.ofSeconds(10)).until(() -> rig.admission.tunnels() == 0);
            assertThat(rig.journal.openStreams()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void keepsManyStreamsApart(Transport transport) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Rig rig = new Rig(transport, Rig::echo)) {
            List<Callable<Boolean>> talks = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String line = "stream " + i + "\n";
                talks.add(() -> talk(rig, line));
            }

            for (Future<Boolean> talk : threads.invokeAll(talks)) {
                assertThat(talk.get()).isTrue();
            }
            await().atMost(Duration.ofSeconds(10)).until(() -> rig.journal.openStreams() == 0);
            assertThat(rig.count(Outcome.CONNECTED)).isEqualTo(200);
            assertThat(rig.bytes("to_target")).isEqualTo(rig.bytes("to_client"));
        }
    }

    private static boolean talk(Rig rig, String line) throws IOException {
        try (Socket client = rig.connected()) {
            for (int i = 0; i < 20; i++) {
                Rig.send(client, line);
                byte[] back = client.getInputStream().readNBytes(line.length());
                if (!new String(back, StandardCharsets.UTF_8).equals(line)) {
                    return false;
                }
            }
            client.shutdownOutput();
            return client.getInputStream().read() == -1;
        }
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void takesClientsForAWhileThenRefusesThemThenResetsWhatIsLeft(Transport transport) throws Exception {
        try (Rig rig = new Rig(transport, Rig::echo);
                Socket client = rig.connected()) {
            StreamLimits usual = StreamLimits.DEFAULT;
            rig.proxy.policy(new Policy(
                    usual,
                    Rig.policy(usual, rig.target.getLocalPort()).targets(),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3)));
            Thread closing = Thread.ofVirtual().start(rig.proxy::close);
            await().atMost(Duration.ofSeconds(5)).until(() -> !rig.proxy.accepting());

            // It has said that it is not ready; whoever has not heard that yet is served all the same.
            rig.connected().close();
            await().atMost(Duration.ofSeconds(3))
                    .until(() -> rig.exchange("GET / HTTP/1.1\r\n").startsWith("HTTP/1.1 503 "));
            assertThat(rig.count(Outcome.DRAINING)).isPositive();
            Rig.send(client, "x");
            assertThat(client.getInputStream().read()).isEqualTo('x');
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
            closing.join();
        }
    }
}
