// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.crypto.jce.SunJceAead;
import dev.hawser.tunnel.memory.MemoryNetwork;
import dev.hawser.tunnel.memory.MemoryPacketDevice;
import dev.hawser.tunnel.path.TestPackets;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.session.InitiationClock;
import dev.hawser.tunnel.session.StaticKeys;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two whole engines with the same ranges, joined in memory. */
class TunnelEngineTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int PORT = 51_820;
    private static final long SOON = 5_000;

    private final MemoryNetwork network = new MemoryNetwork();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final PrivateKey keyA = PrivateKey.generate(RANDOM);
    private final PrivateKey keyB = PrivateKey.generate(RANDOM);
    private final UdpEndpoint endpointA = UdpEndpoint.of(IpAddress.parse("192.0.2.1"), PORT);
    private final UdpEndpoint endpointB = UdpEndpoint.of(IpAddress.parse("192.0.2.2"), PORT);
    private final MemoryPacketDevice deviceA = new MemoryPacketDevice("a", 1420);
    private final MemoryPacketDevice deviceB = new MemoryPacketDevice("b", 1420);
    private final TunnelEngine b = start(deviceB, endpointB, configB());
    private final TunnelEngine a = start(deviceA, endpointA, configA(List.of(endpointB)));

    @AfterEach
    void close() {
        a.close();
        b.close();
        assertThat(failure.get()).isNull();
    }

    @Test
    void carriesTheFirstPacketAndItsAnswerThroughBothRemaps() throws InterruptedException {
        byte[] payload = new byte[1000];
        Arrays.fill(payload, (byte) 7);

        deviceA.send(TestPackets.ipv4(17, "10.200.1.5", "10.71.7.9", TestPackets.udp(4000, 80, payload)));

        byte[] seenByB = Objects.requireNonNull(deviceB.take(SOON));
        assertThat(addresses(seenByB)).isEqualTo("10.72.1.5 -> 10.200.7.9");
        assertThat(TestPackets.isSound(seenByB)).isTrue();

        deviceB.send(TestPackets.ipv4(17, "10.200.7.9", "10.72.1.5", TestPackets.udp(80, 4000, payload)));

        byte[] seenByA = Objects.requireNonNull(deviceA.take(SOON));
        assertThat(addresses(seenByA)).isEqualTo("10.71.7.9 -> 10.200.1.5");
        assertThat(TestPackets.isSound(seenByA)).isTrue();
    }

    @Test
    void countsInnerBytesAndDrops() throws InterruptedException {
        callB();
        deviceA.send(TestPackets.ipv4(17, "203.0.113.9", "10.71.7.9", TestPackets.udp(4000, 80, new byte[72])));
        deviceA.send(TestPackets.ipv4(17, "10.200.1.5", "10.99.7.9", TestPackets.udp(4000, 80, new byte[72])));
        callB();

        awaitCounted(2);
        PeerStatus toB = a.status().peers().getFirst();
        PeerStatus toA = b.status().peers().getFirst();

        assertThat(toB.traffic().txPackets()).isEqualTo(2);
        assertThat(toB.traffic().txBytes()).isEqualTo(200);
        assertThat(toB.traffic().drops()).containsEntry(DropReason.SOURCE_NOT_EXPORTED, 1L);
        assertThat(a.status().drops()).containsEntry(DropReason.NO_ROUTE, 1L);
        assertThat(toA.traffic().rxBytes()).isEqualTo(200);
        assertThat(toA.endpoint()).hasValueSatisfying(at -> assertThat(at).hasToString("192.0.2.1:51820"));
        assertThat(toB.sinceHandshake()).isPresent();
    }

    @Test
    void stopsForwardingForAPeerThatIsRemoved() throws InterruptedException {
        callB();

        b.apply(SameRanges.config(keyB, PORT));
        deviceA.send(TestPackets.ipv4(17, "10.200.1.5", "10.71.7.9", TestPackets.udp(4000, 80, new byte[72])));

        assertThat(deviceB.take(200)).isNull();
        assertThat(b.status().peers()).isEmpty();
        assertThat(b.status().drops()).containsKey(DropReason.UNKNOWN_SESSION);
    }

    /** As a gateway that starts again does while its node is prepared. */
    @Test
    void shakesHandsAndCarriesNothingWithoutRanges() throws InterruptedException {
        b.close();
        TunnelConfig config = SameRanges.config(
                keyB, PORT, SameRanges.peer("a", keyA.publicKey(), List.of(endpointA), "10.72.0.0/16", "10.82.0.0/16"));
        try (MemoryPacketDevice device = new MemoryPacketDevice("b", 1420);
                TunnelEngine again = start(device, endpointB, config.withoutRanges())) {
            LabGateway.await(
                    () -> again.status().peers().getFirst().sinceHandshake().isPresent(),
                    Duration.ofMillis(SOON),
                    () -> again.status().toString());
            deviceA.send(TestPackets.ipv4(17, "10.200.1.5", "10.71.7.9", TestPackets.udp(4000, 80, new byte[72])));
            device.send(TestPackets.ipv4(17, "10.200.7.9", "10.72.1.5", TestPackets.udp(80, 4000, new byte[72])));
            assertThat(device.take(200)).isNull();
            assertThat(deviceA.take(200)).isNull();

            again.apply(config);
            deviceA.send(TestPackets.ipv4(17, "10.200.1.5", "10.71.7.9", TestPackets.udp(4000, 80, new byte[72])));

            assertThat(device.take(SOON)).isNotNull();
        }
    }

    @Test
    void keepsTheSessionWhenTheSameConfigurationIsAppliedAgain() throws InterruptedException {
        callB();
        Duration age = a.status().peers().getFirst().sinceHandshake().orElseThrow();

        a.apply(configA(List.of(endpointB)));
        callB();

        assertThat(a.status().peers().getFirst().sinceHandshake().orElseThrow()).isGreaterThan(age);
        awaitCounted(2);
    }

    @Test
    void servesAnotherListenPortAndKeepsItWhenTheNextIsRefused() throws InterruptedException {
        callB();
        network.open(endpointB.address(), List.of(1), 1);

        b.apply(listening(PORT + 1));
        assertThatThrownBy(() -> b.apply(listening(PORT + 1, 1))).hasMessageContaining("port 1 is taken");
        // The session lives on; B speaks first from its new port, and A follows.
        deviceB.send(TestPackets.ipv4(17, "10.200.7.9", "10.72.1.5", TestPackets.udp(80, 4000, new byte[72])));

        assertThat(deviceA.take(SOON)).isNotNull();
        callB();
        assertThat(b.status().listenPorts()).containsExactly(PORT + 1);
        assertThat(a.status().peers().getFirst().endpoint())
                .hasValueSatisfying(at -> assertThat(at).hasToString("192.0.2.2:51821"));
    }

    @Test
    void losesNothingOnAPortThatStaysWhileOthersComeAndGo() throws InterruptedException {
        callB();

        b.apply(listening(PORT, PORT + 1));
        assertThat(b.status().listenPorts()).containsExactly(PORT, PORT + 1);
        callB();
        b.apply(listening(PORT));
        callB();

        assertThat(b.status().drops()).isEmpty();
    }

    @Test
    void replacesAStaticKeyUnderWay() throws InterruptedException {
        callB();
        PrivateKey next = PrivateKey.generate(RANDOM);

        b.apply(identified(StaticKeys.introducing(keyB, next)));
        a.apply(knowing(keyB.publicKey(), next.publicKey()));
        b.apply(identified(StaticKeys.retiring(next, keyB)));
        LabGateway.await(
                () -> b.status().keysInUse().equals(Set.of(next.publicKey())),
                Duration.ofMillis(SOON),
                () -> b.status().toString());
        callB();
        b.apply(identified(StaticKeys.only(next)));
        a.apply(knowing(next.publicKey()));
        callB();

        assertThat(a.status().peers().getFirst().phase()).isNotEqualTo(PeerStatus.Phase.ERROR);
        awaitCounted(3);
    }

    @Test
    void saysWhatKeepsAPeerFromWorking() {
        PeerConfig keyless = new PeerConfig("c", List.of(), List.of(), Optional.empty(), 0, List.of(), List.of());
        PeerConfig twin = SameRanges.peer("d", keyB.publicKey(), List.of(), "10.73.0.0/16", "10.83.0.0/16");
        PeerConfig overlapping = SameRanges.peer(
                "e", PrivateKey.generate(RANDOM).publicKey(), List.of(), "10.71.0.0/16", "10.85.0.0/16");
        PeerConfig sound = configA(List.of()).peers().getFirst();

        a.apply(SameRanges.config(keyA, PORT, sound, keyless, twin, overlapping));

        assertThat(a.status().peers())
                .extracting(peer -> peer.id() + " " + peer.phase() + " " + peer.message())
                .satisfiesExactly(
                        text -> assertThat(text).startsWith("b CONNECTING"),
                        text -> assertThat(text).isEqualTo("c ERROR its public key is not known yet"),
                        text -> assertThat(text).startsWith("d ERROR").contains("that of peer b already"),
                        text -> assertThat(text).startsWith("e ERROR").contains("overlaps 10.71.0.0/16 of peer b"));
    }

    @Test
    void refusesAConfigurationAfterItsEnd() {
        a.close();

        assertThatThrownBy(() -> a.apply(configA(List.of()))).hasMessageContaining("has been stopped");
    }

    private void callB() throws InterruptedException {
        deviceA.send(TestPackets.ipv4(17, "10.200.1.5", "10.71.7.9", TestPackets.udp(4000, 80, new byte[72])));
        assertThat(deviceB.take(SOON)).isNotNull();
    }

    /** A packet is there before those who sent and delivered it have counted it. */
    private void awaitCounted(long packets) {
        LabGateway.await(
                () -> a.status().peers().getFirst().traffic().txPackets() == packets
                        && b.status().peers().getFirst().traffic().rxPackets() == packets,
                Duration.ofMillis(SOON),
                () -> a.status() + " and " + b.status());
    }

    private TunnelConfig configA(List<UdpEndpoint> endpoints) {
        return SameRanges.config(
                keyA, PORT, SameRanges.peer("b", keyB.publicKey(), endpoints, "10.71.0.0/16", "10.81.0.0/16"));
    }

    private TunnelConfig configB() {
        return SameRanges.config(
                keyB, PORT, SameRanges.peer("a", keyA.publicKey(), List.of(), "10.72.0.0/16", "10.82.0.0/16"));
    }

    private TunnelEngine start(MemoryPacketDevice device, UdpEndpoint here, TunnelConfig config) {
        EngineParts parts = new EngineParts(
                List.of(device),
                (ports, queues) -> network.open(here.address(), ports, queues),
                (local, port, receiver) -> {
                    throw new IOException("no kernel here");
                },
                new SunJceAead(),
                Curve25519.BOUNCY_CASTLE,
                RANDOM,
                System::nanoTime,
                new InitiationClock(Instant.now(), System.nanoTime(), Optional.empty()),
                failure::set);
        return TunnelEngine.start(parts, config);
    }

    private TunnelConfig identified(StaticKeys keys) {
        return new TunnelConfig(
                keys, List.of(PORT), SameRanges.side(), configB().peers());
    }

    private TunnelConfig knowing(PublicKey... keys) {
        PeerConfig peer = configA(List.of(endpointB)).peers().getFirst();
        return SameRanges.config(
                keyA,
                PORT,
                new PeerConfig(
                        peer.id(),
                        List.of(keys),
                        peer.endpoints(),
                        peer.presharedKey(),
                        peer.persistentKeepaliveSeconds(),
                        peer.podRanges(),
                        peer.externalRanges()));
    }

    private TunnelConfig listening(Integer... ports) {
        return new TunnelConfig(
                StaticKeys.only(keyB),
                List.of(ports),
                SameRanges.side(),
                configB().peers());
    }

    private static String addresses(byte[] packet) {
        return IpAddress.ofBytes(Arrays.copyOfRange(packet, 12, 16)) + " -> "
                + IpAddress.ofBytes(Arrays.copyOfRange(packet, 16, 20));
    }
}
