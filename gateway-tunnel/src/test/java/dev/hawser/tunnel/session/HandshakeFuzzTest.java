// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.crypto.jce.SunJceAead;
import dev.hawser.tunnel.crypto.provider.Curves;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.wire.CookieReply;
import dev.hawser.tunnel.wire.HandshakeResponse;
import dev.hawser.tunnel.wire.Initiation;
import dev.hawser.tunnel.wire.MacedMessage;
import dev.hawser.tunnel.wire.Message;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * A gateway that has called its peer meets any sequence of datagrams: made up, or genuine ones with changed bytes, with and
 * without a right mac1, under load or not. It follows nothing but what the peer said, and counts everything else once.
 *
 * <p>Each step of an input is a byte that says what (see {@link Step}), a length, and as many bytes.
 */
class HandshakeFuzzTest {
    private static final UdpEndpoint PEER = UdpEndpoint.of(IpAddress.parse("203.0.113.1"), 51_820);
    /** What a gateway uses: points of strangers reach it. */
    private static final Curve25519 CURVE = Curves.choose();

    private static final Identity GENOA = new Identity(PrivateKey.generate(new Random(11), CURVE));
    private static final Identity LISBON = new Identity(PrivateKey.generate(new Random(12), CURVE));
    private static final List<byte[]> GENUINE = genuine();

    private final List<byte[]> sent = new ArrayList<>();

    /** The bits of a step's first byte. */
    private static final class Step {
        /** 0: the bytes as they are; 1, 2, 3: initiation, response or cookie reply with pairs of offset and mask. */
        private static final int KIND = 0x03;

        private static final int UNDER_LOAD = 0x04;
        private static final int RIGHT_MAC1 = 0x08;
        private static final int SECONDS_SHIFT = 4;
    }

    @FuzzTest(maxDuration = "10m")
    void followsNothingButThePeer(byte[] data) {
        WireGuardDevice device = calling(sent);
        long now = 0;
        ByteBuffer input = ByteBuffer.wrap(data);
        while (input.remaining() >= 2) {
            int step = input.get();
            byte[] content = new byte[Math.min(Byte.toUnsignedInt(input.get()), input.remaining())];
            input.get(content);
            now += TimeUnit.SECONDS.toNanos((step & 0xFF) >>> Step.SECONDS_SHIFT);
            if ((step & Step.UNDER_LOAD) != 0) {
                device.load(now);
            }
            byte[] datagram = datagram(step, content);
            long before = dropped(device);

            device.receive(datagram, PEER, now);

            long drops = dropped(device) - before;
            assertThat(drops).isBetween(0L, 1L);
            if (drops == 0) {
                assertThat(GENUINE.stream().map(HandshakeFuzzTest::authentic)).contains(authentic(datagram));
            }
            device.tick(now);
        }
        device.close();
        assertThat(device.peers()).isEmpty();
    }

    private static byte[] datagram(int step, byte[] content) {
        int kind = step & Step.KIND;
        if (kind == 0) {
            return content;
        }
        byte[] changed = GENUINE.get(kind - 1).clone();
        for (int i = 0; i + 1 < content.length; i += 2) {
            changed[Byte.toUnsignedInt(content[i]) % changed.length] ^= content[i + 1];
        }
        Optional<Message> message = Message.parse(changed);
        if ((step & Step.RIGHT_MAC1) != 0 && message.isPresent() && message.get() instanceof MacedMessage maced) {
            return new MacStamper(LISBON.publicKey()).stamp(maced, 0);
        }
        return changed;
    }

    /** The part of a message that the sender's keys vouch for: neither its index nor its mac2 is. */
    private static List<Byte> authentic(byte[] datagram) {
        byte[] bytes = datagram.clone();
        if (datagram.length == Initiation.LENGTH || datagram.length == HandshakeResponse.LENGTH) {
            Arrays.fill(bytes, 4, 8, (byte) 0);
            Arrays.fill(bytes, bytes.length - 2 * MacedMessage.MAC_LENGTH, bytes.length, (byte) 0);
        }
        List<Byte> all = new ArrayList<>();
        for (byte each : bytes) {
            all.add(each);
        }
        return all;
    }

    private static long dropped(WireGuardDevice device) {
        return device.drops().snapshot().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** A device with fixed keys that has just called its peer, always with the same bytes. */
    private static WireGuardDevice calling(List<byte[]> sent) {
        DevicePorts ports = new DevicePorts(
                new SunJceAead(), CURVE, new Random(1), (to, datagram) -> sent.add(datagram), SessionEvents.NONE, 1);
        InitiationClock clock = new InitiationClock(Instant.ofEpochSecond(1_000_000), 0, Optional.empty());
        WireGuardDevice device = new WireGuardDevice(ports, clock, StaticKeys.only(LISBON.privateKey()));
        device.put(new PeerSettings("genoa", GENOA.publicKey(), PresharedKey.none(), List.of(PEER), 0));
        device.tick(0);
        return device;
    }

    /** What the peer may say: an initiation of its own, the response to the device's, or a cookie for it. */
    private static List<byte[]> genuine() {
        List<byte[]> sent = new ArrayList<>();
        calling(sent).close();
        Initiation call = (Initiation) Message.parse(sent.getFirst()).orElseThrow();
        MacStamper stamper = new MacStamper(LISBON.publicKey());
        Tai64n timestamp = Tai64n.next(Instant.ofEpochSecond(1_000_000), null);
        Initiation initiation = InitiatorHandshake.begin(
                        GENOA, new StaticSecret(LISBON.publicKey()), PrivateKey.generate(new Random(3)), 77, timestamp)
                .orElseThrow()
                .initiation();
        HandshakeResponse response = ResponderHandshake.open(GENOA, call)
                .orElseThrow()
                .answer(PrivateKey.generate(new Random(4)), 78, PresharedKey.none())
                .orElseThrow()
                .response();
        CookieReply cookie = new CookieJar(new Random(5)).reply(GENOA, call, PEER, 0);
        return List.of(stamper.stamp(initiation, 0), stamper.stamp(response, 0), cookie.toBytes());
    }
}
