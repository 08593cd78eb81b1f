// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;

/**
 * The pair of keys that authenticates probes between two gateways: one per direction, so that nobody can send a gateway its own
 * words.
 *
 * <p>Both come from the static-static X25519 secret by HKDF-SHA256 (RFC 5869) with the two public keys, sender first, as context.
 * <b>Threads:</b> confined to one.
 */
public final class ProbeKey {
    private static final byte[] LABEL = "hawser probe 1".getBytes(StandardCharsets.US_ASCII);
    private static final int TAG = 16;
    private static final String HASH = "HmacSHA256";

    private final Mac outgoing;
    private final Mac incoming;

    private ProbeKey(Mac outgoing, Mac incoming) {
        this.outgoing = outgoing;
        this.incoming = incoming;
    }

    /** The keys this gateway shares with a peer; empty if the peer's public key contributes no secret. */
    public static Optional<ProbeKey> between(PrivateKey own, PublicKey peer) {
        return own.agree(peer).map(secret -> {
            try {
                return new ProbeKey(mac(secret, own.publicKey(), peer), mac(secret, peer, own.publicKey()));
            } finally {
                Arrays.fill(secret, (byte) 0);
            }
        });
    }

    private static Mac mac(byte[] secret, PublicKey sender, PublicKey receiver) {
        byte[] context = new byte[LABEL.length + sender.toBytes().length + receiver.toBytes().length];
        System.arraycopy(LABEL, 0, context, 0, LABEL.length);
        System.arraycopy(sender.toBytes(), 0, context, LABEL.length, sender.toBytes().length);
        int second = LABEL.length + sender.toBytes().length;
        System.arraycopy(receiver.toBytes(), 0, context, second, receiver.toBytes().length);
        try {
            HKDFParameterSpec derivation =
                    HKDFParameterSpec.ofExtract().addIKM(secret).thenExpand(context, 32);
            SecretKey key = KDF.getInstance("HKDF-SHA256").deriveKey(HASH, derivation);
            Mac mac = Mac.getInstance(HASH);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this Java lacks HKDF-SHA256 or HmacSHA256; use JDK 25 or newer", missing);
        }
    }

    /** Authenticates the first {@code length} bytes and puts the tag behind them. */
    void seal(byte[] message, int length) {
        outgoing.update(message, 0, length);
        System.arraycopy(outgoing.doFinal(), 0, message, length, TAG);
    }

    /** Whether the tag behind the first {@code length} bytes is the other gateway's. */
    boolean verifies(byte[] message, int length) {
        incoming.update(message, 0, length);
        byte[] expected = Arrays.copyOf(incoming.doFinal(), TAG);
        return MessageDigest.isEqual(expected, Arrays.copyOfRange(message, length, length + TAG));
    }
}
