// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static dev.hawser.tunnel.crypto.Hex.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.wire.HandshakeResponse;
import dev.hawser.tunnel.wire.Initiation;
import dev.hawser.tunnel.wire.Message;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * One handshake with every secret fixed, against bytes computed from the whitepaper by 30 lines of Python over hashlib, hmac and
 * the cryptography package (keys of 32 equal bytes: static 1 and 2, ephemeral 3 and 4, preshared 5).
 */
class HandshakeVectorTest {
    private static final int INITIATOR_INDEX = 0x1122_3344;
    private static final int RESPONDER_INDEX = 0x5566_7788;
    private static final byte[] INITIATION = bytes(
            "01000000443322115dfedd3b6bd47f6fa28ee15d969d5bb0ea53774d488bdaf9df1c6e0124b3ef22",
            "0a26599fb2188bb723276fc173af67616c817fc32fd04d686d87ec152fac10eed2bda3bb3b6f1ede",
            "d6977684082284d817fb46b3f75250e3be273ed6e763707d0bc442075c02593afa9d88a6776c068a",
            "5ced8ee360d5dd377fdf068000000000000000000000000000000000");
    private static final byte[] RESPONSE = bytes(
            "020000008877665544332211ac01b2209e86354fb853237b5de0f4fab13c7fcbf433a61c01936961",
            "7fecf10b27ef73438597fe603c4b90432ddbded762efd69b4eccc4defd8454b75d4888ae00000000",
            "000000000000000000000000");
    private static final byte[] FIRST_KEY = bytes("a18cc809fd05b6b5f99644cf506f89dce368c2f54a9dbeb9a384f36c274317ef");
    private static final byte[] SECOND_KEY = bytes("b1aa1b797d3a45da97552b8084ade493aa767f15af95854bc86557f6dacd851d");

    private final Identity initiator = new Identity(secret(1));
    private final Identity responder = new Identity(secret(2));
    private final PresharedKey psk = PresharedKey.of(filled(5));
    private final Tai64n timestamp = Tai64n.next(Instant.ofEpochSecond(1_000_000_000, 3 << 24), null);

    @Test
    void initiatesAsComputedIndependently() {
        InitiatorHandshake handshake = begin();

        byte[] datagram = new MacStamper(responder.publicKey()).stamp(handshake.initiation(), 0);

        assertThat(datagram).isEqualTo(INITIATION);
    }

    @Test
    void answersAsComputedIndependently() {
        Initiation initiation = (Initiation) Message.parse(INITIATION).orElseThrow();
        ResponderHandshake handshake =
                ResponderHandshake.open(responder, initiation).orElseThrow();

        ResponderHandshake.Answer answer =
                handshake.answer(secret(4), RESPONDER_INDEX, psk).orElseThrow();

        assertThat(responder.isAddressed(initiation)).isTrue();
        assertThat(handshake.remote()).isEqualTo(initiator.publicKey());
        assertThat(handshake.timestamp()).isEqualTo(timestamp);
        assertThat(new MacStamper(initiator.publicKey()).stamp(answer.response(), 0))
                .isEqualTo(RESPONSE);
        assertThat(answer.keys().receiving()).isEqualTo(FIRST_KEY);
        assertThat(answer.keys().sending()).isEqualTo(SECOND_KEY);
    }

    @Test
    void endsAsComputedIndependently() {
        HandshakeResponse response = (HandshakeResponse) Message.parse(RESPONSE).orElseThrow();

        TransportKeys keys = begin().end(response, psk).orElseThrow();

        assertThat(initiator.isAddressed(response)).isTrue();
        assertThat(keys.sending()).isEqualTo(FIRST_KEY);
        assertThat(keys.receiving()).isEqualTo(SECOND_KEY);
    }

    @Test
    void survivesForgedResponses() {
        InitiatorHandshake handshake = begin();
        byte[] forged = RESPONSE.clone();
        forged[50] ^= 1;

        assertThat(handshake.end((HandshakeResponse) Message.parse(forged).orElseThrow(), psk))
                .isEmpty();
        assertThat(handshake.end((HandshakeResponse) Message.parse(RESPONSE).orElseThrow(), psk))
                .isPresent();
    }

    @Test
    void doesNotBeginWithAPeerOfSmallOrder() {
        assertThat(begin(PublicKey.of(new byte[32]))).isEmpty();
    }

    private InitiatorHandshake begin() {
        return begin(responder.publicKey()).orElseThrow();
    }

    private Optional<InitiatorHandshake> begin(PublicKey peer) {
        return InitiatorHandshake.begin(initiator, new StaticSecret(peer), secret(3), INITIATOR_INDEX, timestamp);
    }

    private static PrivateKey secret(int value) {
        return PrivateKey.of(filled(value));
    }

    private static byte[] filled(int value) {
        byte[] bytes = new byte[32];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
