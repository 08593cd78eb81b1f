// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.OpeningKey;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.SealingKey;
import dev.hawser.tunnel.crypto.jce.SunJceAead;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads every array that can be reached in this JVM, by a dump of the heap, and looks for keys: they are there while they are in
 * use, and nowhere afterwards. The test's own copies are disguised.
 */
class ZeroedKeysTest {
    private static final byte DISGUISE = 0x5A;
    private static final UdpEndpoint GENOA = UdpEndpoint.of(IpAddress.parse("203.0.113.1"), 51_820);
    private static final UdpEndpoint LISBON = UdpEndpoint.of(IpAddress.parse("203.0.113.2"), 51_820);

    @TempDir
    private Path directory;

    private final List<Secret> secrets = new ArrayList<>();
    private final List<byte[]> handedOver = new ArrayList<>();
    /** Genoa, which calls, and lisbon. */
    private final List<WireGuardDevice> devices = new ArrayList<>();

    private final Deque<Runnable> onTheWay = new ArrayDeque<>();
    private int dumps;

    /** Bytes to look for, disguised; without the ends, which clamping changes. */
    private static final class Secret {
        private final String what;
        private final byte[] disguised;

        Secret(String what, byte[] bytes) {
            this.what = what;
            this.disguised = Arrays.copyOfRange(bytes, 4, 28);
            for (int i = 0; i < disguised.length; i++) {
                disguised[i] ^= DISGUISE;
            }
        }

        String what() {
            return what;
        }

        boolean isIn(byte[] heap) {
            byte first = (byte) (disguised[0] ^ DISGUISE);
            for (int at = 0; at + disguised.length <= heap.length; at++) {
                if (heap[at] == first && isAt(heap, at)) {
                    return true;
                }
            }
            return false;
        }

        private boolean isAt(byte[] heap, int at) {
            for (int i = 0; i < disguised.length; i++) {
                if ((byte) (heap[at + i] ^ DISGUISE) != disguised[i]) {
                    return false;
                }
            }
            return true;
        }
    }

    @Test
    void leavesNoKeyOfASessionBehind() throws IOException {
        WireGuardDevice genoa = device(11);
        WireGuardDevice lisbon = device(12);
        connect(genoa, lisbon);

        assertThat(secrets).extracting(Secret::what).contains("ephemeral of 11", "ephemeral of 12", "transport of 11");
        assertThat(handedOver).isNotEmpty().allMatch(key -> key.length == 32);
        for (byte[] key : handedOver) {
            assertThat(key).containsOnly(0);
        }
        assertThat(found()).containsExactly("transport of 11", "transport of 12");

        remove(genoa, 12);
        remove(lisbon, 11);

        assertThat(found()).isEmpty();
        assertThat(genoa.peers()).isEmpty();
        assertThat(lisbon.peers()).isEmpty();
    }

    @Test
    void leavesNoKeyBehindAfterNineSilentMinutes() throws IOException {
        WireGuardDevice genoa = device(11);
        WireGuardDevice lisbon = device(12);
        connect(genoa, lisbon);

        long end = ProtocolLimits.WIPE_AFTER + ProtocolLimits.REKEY_TIMEOUT;
        genoa.tick(end);
        lisbon.tick(end);
        onTheWay.clear();

        assertThat(found()).isEmpty();
        assertThat(genoa.peers()).hasSize(1);
        assertThat(lisbon.peers()).hasSize(1);
    }

    @Test
    void leavesNothingOfAHandshakeThatWasGivenUp() throws IOException {
        WireGuardDevice genoa = device(11);
        genoa.put(settings(12, LISBON));
        genoa.tick(0);
        onTheWay.clear();
        assertThat(found()).containsExactly("ephemeral of 11");

        genoa.tick(ProtocolLimits.REKEY_ATTEMPT);

        assertThat(found()).isEmpty();
        assertThat(genoa.peers()).hasSize(1);
    }

    @Test
    void leavesNothingOfAPeerThatWasRemoved() throws IOException {
        byte[] shared = key(11).agree(key(12).publicKey()).orElseThrow();
        secrets.add(new Secret("static secret", shared));
        Arrays.fill(shared, (byte) 0);
        WireGuardDevice genoa = device(11);
        genoa.put(settings(12, LISBON));
        genoa.tick(0);
        onTheWay.clear();
        assertThat(found()).containsExactly("ephemeral of 11", "static secret");

        remove(genoa, 12);

        assertThat(found()).isEmpty();
        assertThat(genoa.peers()).isEmpty();
    }

    private void connect(WireGuardDevice genoa, WireGuardDevice lisbon) {
        lisbon.put(settings(11));
        genoa.put(settings(12, LISBON));
        devices.addAll(List.of(genoa, lisbon));
        genoa.tick(0);
        while (!onTheWay.isEmpty()) {
            onTheWay.remove().run();
        }
        lisbon.tick(0);
        devices.clear();
    }

    private static void remove(WireGuardDevice device, int other) {
        device.remove(key(other).publicKey());
    }

    private static PrivateKey key(int seed) {
        return PrivateKey.generate(new Random(seed));
    }

    private static PeerSettings settings(int other, UdpEndpoint... endpoints) {
        return new PeerSettings("peer", key(other).publicKey(), PresharedKey.none(), List.of(endpoints), 0);
    }

    private WireGuardDevice device(int seed) {
        DevicePorts ports = new DevicePorts(
                new Recording(" of " + seed),
                Curve25519.BOUNCY_CASTLE,
                new RecordingRandom(" of " + seed, seed + 100),
                (to, datagram) -> onTheWay.add(() -> {
                    if (datagram[0] != 4) {
                        devices.get(seed == 11 ? 1 : 0).receive(datagram, seed == 11 ? GENOA : LISBON, 0);
                    }
                }),
                SessionEvents.NONE,
                1);
        InitiationClock clock = new InitiationClock(Instant.ofEpochSecond(1_000_000), 0, Optional.empty());
        return new WireGuardDevice(ports, clock, StaticKeys.only(key(seed)));
    }

    /** What of the secrets is in the heap, by name, in order. */
    private List<String> found() throws IOException {
        Path file = directory.resolve("heap" + dumps++ + ".hprof");
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class).dumpHeap(file.toString(), true);
        byte[] heap = Files.readAllBytes(file);
        Files.delete(file);
        TreeSet<String> found = new TreeSet<>();
        for (Secret secret : secrets) {
            if (!found.contains(secret.what()) && secret.isIn(heap)) {
                found.add(secret.what());
            }
        }
        return List.copyOf(found);
    }

    /** Notes the keys it is given, and the arrays they came in. */
    private final class Recording implements AeadProvider {
        private final AeadProvider aead = new SunJceAead();
        private final String whose;

        Recording(String whose) {
            this.whose = whose;
        }

        @Override
        public String name() {
            return aead.name();
        }

        @Override
        public SealingKey sealing(byte[] key) {
            note(key);
            return aead.sealing(key);
        }

        @Override
        public OpeningKey opening(byte[] key) {
            note(key);
            return aead.opening(key);
        }

        private void note(byte[] key) {
            handedOver.add(key);
            secrets.add(new Secret("transport" + whose, key));
        }
    }

    /** Notes every 32 bytes it makes: they become ephemeral keys. */
    private final class RecordingRandom implements RandomGenerator {
        private final Random random;
        private final String whose;

        RecordingRandom(String whose, long seed) {
            this.whose = whose;
            this.random = new Random(seed);
        }

        @Override
        public long nextLong() {
            return random.nextLong();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            random.nextBytes(bytes);
            if (bytes.length == 32) {
                secrets.add(new Secret("ephemeral" + whose, bytes));
            }
        }
    }
}
