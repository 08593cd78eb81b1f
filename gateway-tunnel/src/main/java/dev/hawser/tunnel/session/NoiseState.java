// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.Blake2s;
import dev.hawser.tunnel.crypto.HandshakeAead;
import dev.hawser.tunnel.crypto.Kdf;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PublicKey;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The symmetric state of a Noise_IKpsk2 handshake (Noise specification, section 5.2): chaining key and transcript hash.
 *
 * <p>Confined to the control thread. Holds secrets until {@link #close}.
 */
final class NoiseState implements AutoCloseable {
    private static final byte[] CONSTRUCTION = ascii("Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s");
    private static final byte[] IDENTIFIER = ascii("WireGuard v1 zx2c4 Jason@zx2c4.com");
    private static final byte[] NOTHING = new byte[0];

    private byte[] chainingKey;
    private byte[] hash;

    private NoiseState(byte[] chainingKey, byte[] hash) {
        this.chainingKey = chainingKey;
        this.hash = hash;
    }

    /** The state both sides begin with: it commits to the protocol and to the responder's static key. */
    static NoiseState of(PublicKey responder) {
        return of(IDENTIFIER, responder);
    }

    /** As above for another protocol, whose name is the prologue. */
    static NoiseState of(byte[] prologue, PublicKey responder) {
        byte[] chainingKey = Blake2s.hash(CONSTRUCTION);
        byte[] hash = Blake2s.hash(Blake2s.hash(chainingKey, prologue), responder.toBytes());
        return new NoiseState(chainingKey, hash);
    }

    /** A second state with the same past, so that a forged answer cannot spoil this one. */
    NoiseState copy() {
        return new NoiseState(chainingKey.clone(), hash.clone());
    }

    /** Mixes an ephemeral public key into both parts. */
    void mixEphemeral(byte[] ephemeral) {
        mixHash(ephemeral);
        mixSecret(ephemeral);
    }

    /** Mixes a secret into the chaining key. */
    void mixSecret(byte[] secret) {
        advance(Kdf.derive(1, chainingKey, secret)[0]);
    }

    /** Mixes a secret in and derives a key for one message field. */
    byte[] mixSecretForKey(byte[] secret) {
        byte[][] derived = Kdf.derive(2, chainingKey, secret);
        advance(derived[0]);
        return derived[1];
    }

    /** Mixes the preshared key into both parts and derives a key for one message field. */
    byte[] mixPresharedKey(PresharedKey psk) {
        byte[] secret = psk.toBytes();
        byte[][] derived = Kdf.derive(3, chainingKey, secret);
        Arrays.fill(secret, (byte) 0);
        advance(derived[0]);
        mixHash(derived[1]);
        return derived[2];
    }

    /** Seals a message field; the key is used this once and wiped. */
    byte[] seal(byte[] key, byte[] plaintext) {
        HandshakeAead aead = HandshakeAead.CHACHA20_POLY1305;
        byte[] sealed = aead.seal(key, aead.zeroNonce(), plaintext, hash);
        Arrays.fill(key, (byte) 0);
        mixHash(sealed);
        return sealed;
    }

    /** Opens a message field; the key is used this once and wiped. */
    Optional<byte[]> open(byte[] key, byte[] sealed) {
        HandshakeAead aead = HandshakeAead.CHACHA20_POLY1305;
        Optional<byte[]> plaintext = aead.open(key, aead.zeroNonce(), sealed, hash);
        Arrays.fill(key, (byte) 0);
        mixHash(sealed);
        return plaintext;
    }

    /** The transport keys; the first of the two is the initiator's sending key. */
    TransportKeys split(boolean initiator) {
        byte[][] derived = Kdf.derive(2, chainingKey, NOTHING);
        return initiator ? new TransportKeys(derived[0], derived[1]) : new TransportKeys(derived[1], derived[0]);
    }

    @Override
    public void close() {
        Arrays.fill(chainingKey, (byte) 0);
        Arrays.fill(hash, (byte) 0);
    }

    private void mixHash(byte[] data) {
        hash = Blake2s.hash(hash, data);
    }

    private void advance(byte[] next) {
        Arrays.fill(chainingKey, (byte) 0);
        chainingKey = next;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
