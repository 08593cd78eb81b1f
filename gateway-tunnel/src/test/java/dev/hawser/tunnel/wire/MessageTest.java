// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.Hex;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MessageTest {
    @Test
    void readsWhatItWrites() {
        Initiation initiation = Initiation.of(0x0403_0201, Hex.counting(32), Hex.counting(48), Hex.counting(28))
                .withMacs(Hex.counting(16), new byte[16]);

        Initiation parsed = (Initiation) Message.parse(initiation.toBytes()).orElseThrow();

        assertThat(initiation.toBytes()).hasSize(148).startsWith(1, 0, 0, 0, 1, 2, 3, 4);
        assertThat(parsed).isEqualTo(initiation);
        assertThat(parsed.sender()).isEqualTo(0x0403_0201);
        assertThat(parsed.ephemeral()).isEqualTo(Hex.counting(32));
        assertThat(parsed.sealedStatic()).isEqualTo(Hex.counting(48));
        assertThat(parsed.sealedTimestamp()).isEqualTo(Hex.counting(28));
        assertThat(parsed.mac1()).isEqualTo(Hex.counting(16));
        assertThat(parsed.coveredByMac1()).hasSize(116);
        assertThat(parsed.coveredByMac2()).hasSize(132);
    }

    @Test
    void readsResponsesAndCookies() {
        HandshakeResponse response = HandshakeResponse.of(1, 2, Hex.counting(32), Hex.counting(16));
        CookieReply reply = CookieReply.of(3, Hex.counting(24), Hex.counting(32));

        HandshakeResponse parsed =
                (HandshakeResponse) Message.parse(response.toBytes()).orElseThrow();
        CookieReply cookie = (CookieReply) Message.parse(reply.toBytes()).orElseThrow();

        assertThat(response.toBytes()).hasSize(92);
        assertThat(parsed.sender()).isEqualTo(1);
        assertThat(parsed.receiver()).isEqualTo(2);
        assertThat(parsed.ephemeral()).isEqualTo(Hex.counting(32));
        assertThat(parsed.sealedEmpty()).isEqualTo(Hex.counting(16));
        assertThat(reply.toBytes()).hasSize(64);
        assertThat(cookie.receiver()).isEqualTo(3);
        assertThat(cookie.nonce()).isEqualTo(Hex.counting(24));
        assertThat(cookie.sealedCookie()).isEqualTo(Hex.counting(32));
    }

    @Test
    void refusesOtherLengthsAndTypes() {
        byte[] initiation =
                Initiation.of(1, new byte[32], new byte[48], new byte[28]).toBytes();
        byte[] reserved = initiation.clone();
        reserved[3] = 1;

        assertThat(Message.parse(Arrays.copyOf(initiation, 149))).isEmpty();
        assertThat(Message.parse(Arrays.copyOf(initiation, 147))).isEmpty();
        assertThat(Message.parse(reserved)).isEmpty();
        assertThat(Message.parse(new byte[0])).isEmpty();
        assertThat(Message.parse(new byte[] {1, 0, 0})).isEmpty();
    }

    @Property(tries = 200)
    void neverFailsOnNoise(@ForAll @Size(max = 200) byte[] noise) {
        Message.parse(noise).ifPresent(message -> assertThat(message.toBytes()).isEqualTo(noise));
    }

    @Test
    void transportHeadersAreLittleEndian() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(40);
            Transport.writeHeader(buffer, 8, 0x0403_0201, 0x0807_0605_0403_0201L);

            assertThat(buffer.asSlice(8, 16).toArray(ValueLayout.JAVA_BYTE))
                    .containsExactly(4, 0, 0, 0, 1, 2, 3, 4, 1, 2, 3, 4, 5, 6, 7, 8);
            assertThat(MessageType.of(buffer, 8, 32)).isEqualTo(MessageType.TRANSPORT);
            assertThat(MessageType.of(buffer, 8, 31)).isNull();
            assertThat(Transport.receiver(buffer, 8)).isEqualTo(0x0403_0201);
            assertThat(Transport.counter(buffer, 8)).isEqualTo(0x0807_0605_0403_0201L);
        }
    }

    @Test
    void padsToSixteenBytesWithinTheMtu() {
        assertThat(Transport.paddedLength(0, 1420)).isZero();
        assertThat(Transport.paddedLength(1, 1420)).isEqualTo(16);
        assertThat(Transport.paddedLength(64, 1420)).isEqualTo(64);
        assertThat(Transport.paddedLength(1419, 1420)).isEqualTo(1420);
        assertThat(Transport.paddedLength(1420, 1420)).isEqualTo(1420);
    }
}
