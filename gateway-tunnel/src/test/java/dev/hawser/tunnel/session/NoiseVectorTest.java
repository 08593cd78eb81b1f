// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static dev.hawser.tunnel.crypto.Hex.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.HandshakeAead;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/**
 * The public test vector of Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s (the cacophony set), which has another prologue and other
 * payloads than WireGuard, and so tests the state machine by itself.
 */
class NoiseVectorTest {
    private static final byte[] PROLOGUE = bytes("4a6f686e2047616c74");
    private static final PresharedKey PSK =
            PresharedKey.of(bytes("54686973206973206d7920417573747269616e20706572737065637469766521"));
    private static final PrivateKey INITIATOR =
            PrivateKey.of(bytes("e61ef9919cde45dd5f82166404bd08e38bceb5dfdfded0a34c8df7ed542214d1"));
    private static final PrivateKey INITIATOR_EPHEMERAL =
            PrivateKey.of(bytes("893e28b9dc6ca8d611ab664754b8ceb7bac5117349a4439a6b0569da977c464a"));
    private static final PrivateKey RESPONDER =
            PrivateKey.of(bytes("4a3acbfdb163dec651dfa3194dece676d437029c62a408b4c5ea9114246e4893"));
    private static final PrivateKey RESPONDER_EPHEMERAL =
            PrivateKey.of(bytes("bbdb4cdbd309f1a1f2e1456967fe288cadd6f712d65dc7b7793d5e63da6b375b"));

    private static final byte[] FIRST_PAYLOAD = bytes("4c756477696720766f6e204d69736573");
    private static final byte[] FIRST = bytes(
            "ca35def5ae56cec33dc2036731ab14896bc4c75dbb07a61f879f8e3afa4c7944",
            "001e21de9f98ddd8e2ad57527207feb56253c9c94a9e496782ecfcb2a75fbcaf1b52948cc48daefe660c62119ab50009",
            "80c84831215f2441eba616548e832985464cf17e51ee93109008399a21f7e13f");
    private static final byte[] SECOND_PAYLOAD = bytes("4d757272617920526f746862617264");
    private static final byte[] SECOND = bytes(
            "95ebc60d2b1fa672c1f46a8aa265ef51bfe38e7ccb39ec5be34069f144808843",
            "cb765f2caef0751b8f007572dab0322217755c0632f365717edbf34d33e87a");

    @Test
    void knowsTheResponder() {
        assertThat(RESPONDER.publicKey())
                .isEqualTo(PublicKey.of(bytes("31e0303fd6418d2f8c0e78b91f22e8caed0fbe48656dcf4767e4834f701b8f62")));
    }

    @Test
    void speaksBothMessagesAndSplitsAsTheVector() {
        NoiseState initiator = NoiseState.of(PROLOGUE, RESPONDER.publicKey());
        NoiseState responder = NoiseState.of(PROLOGUE, RESPONDER.publicKey());

        assertThat(first(initiator)).isEqualTo(FIRST);
        followFirst(responder);
        assertThat(second(responder)).isEqualTo(SECOND);
        followSecond(initiator);

        TransportKeys ours = initiator.split(true);
        TransportKeys theirs = responder.split(false);
        assertThat(theirs.sending()).isEqualTo(ours.receiving());
        assertThat(sealed(ours.sending(), 0, "462e20412e20486179656b"))
                .isEqualTo(bytes("8153ca9833bc3c1b91a7e66e5f4d4f5b59bf9e64c2f20d15f0bba7"));
        assertThat(sealed(theirs.sending(), 0, "4361726c204d656e676572"))
                .isEqualTo(bytes("07af0c9c86e1b4e80f36b04ff7688d51141af3debd0332f0a705ef"));
        assertThat(sealed(ours.sending(), 1, "4a65616e2d426170746973746520536179"))
                .isEqualTo(bytes("6ab1467c0448cc78394494abaaf23afce0e234315d6e2624dcbfa8a21c1c4d073d"));
        assertThat(sealed(theirs.sending(), 1, "457567656e2042f6686d20766f6e2042617765726b"))
                .isEqualTo(bytes("dfc346c0d2296ae6cf1acf6f12b8456a1dba228cf8d8b774aacf1c47fc53aa80ebc7a4c292"));
    }

    private static byte[] first(NoiseState state) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        byte[] point = INITIATOR_EPHEMERAL.publicKey().toBytes();
        state.mixEphemeral(point);
        message.writeBytes(point);
        byte[] key = state.mixSecretForKey(secret(INITIATOR_EPHEMERAL, RESPONDER.publicKey()));
        message.writeBytes(state.seal(key, INITIATOR.publicKey().toBytes()));
        byte[] next = state.mixSecretForKey(secret(INITIATOR, RESPONDER.publicKey()));
        message.writeBytes(state.seal(next, FIRST_PAYLOAD));
        return message.toByteArray();
    }

    private static void followFirst(NoiseState state) {
        ByteBuffer message = ByteBuffer.wrap(FIRST);
        byte[] point = take(message, 32);
        state.mixEphemeral(point);
        byte[] key = state.mixSecretForKey(secret(RESPONDER, PublicKey.of(point)));
        byte[] remote = state.open(key, take(message, 48)).orElseThrow();
        assertThat(remote).isEqualTo(INITIATOR.publicKey().toBytes());
        byte[] next = state.mixSecretForKey(secret(RESPONDER, PublicKey.of(remote)));
        assertThat(state.open(next, take(message, message.remaining()))).hasValue(FIRST_PAYLOAD);
    }

    private static byte[] second(NoiseState state) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        byte[] point = RESPONDER_EPHEMERAL.publicKey().toBytes();
        state.mixEphemeral(point);
        message.writeBytes(point);
        state.mixSecret(secret(RESPONDER_EPHEMERAL, INITIATOR_EPHEMERAL.publicKey()));
        state.mixSecret(secret(RESPONDER_EPHEMERAL, INITIATOR.publicKey()));
        message.writeBytes(state.seal(state.mixPresharedKey(PSK), SECOND_PAYLOAD));
        return message.toByteArray();
    }

    private static void followSecond(NoiseState state) {
        ByteBuffer message = ByteBuffer.wrap(SECOND);
        byte[] point = take(message, 32);
        state.mixEphemeral(point);
        state.mixSecret(secret(INITIATOR_EPHEMERAL, PublicKey.of(point)));
        state.mixSecret(secret(INITIATOR, PublicKey.of(point)));
        assertThat(state.open(state.mixPresharedKey(PSK), take(message, message.remaining())))
                .hasValue(SECOND_PAYLOAD);
    }

    private static byte[] secret(PrivateKey own, PublicKey other) {
        return own.agree(other).orElseThrow();
    }

    private static byte[] take(ByteBuffer from, int length) {
        byte[] bytes = new byte[length];
        from.get(bytes);
        return bytes;
    }

    private static byte[] sealed(byte[] key, long counter, String payload) {
        byte[] nonce = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(4, counter)
                .array();
        return HandshakeAead.CHACHA20_POLY1305.seal(key, nonce, bytes(payload), new byte[0]);
    }
}
