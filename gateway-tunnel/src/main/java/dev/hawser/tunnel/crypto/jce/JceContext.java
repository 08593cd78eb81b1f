// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.jce;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.KeyOccupancy;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A JCE cipher with its key, and the arrays packets pass through.
 *
 * <p>Arrays, because the cipher copies direct buffers through arrays of its own anyway, and a buffer object per segment would
 * come on top (measured: 3.6 KiB of garbage per packet instead of 2.2).
 */
final class JceContext {
    private static final String TRANSFORMATION = "ChaCha20-Poly1305";
    private static final String ALGORITHM = "ChaCha20";
    private static final String PROVIDER = "SunJCE";
    private static final int NONCE_LENGTH = 12;
    private static final int COUNTER_OFFSET = 4;
    private static final int FIRST_BUFFER = 2048;

    final KeyOccupancy occupancy = new KeyOccupancy();

    private final int mode;
    private SecretKeySpec key;
    private final byte[] nonce = new byte[NONCE_LENGTH];
    private final ByteBuffer nonceView = ByteBuffer.wrap(nonce).order(ByteOrder.LITTLE_ENDIAN);
    private Cipher cipher;
    private byte[] input = new byte[FIRST_BUFFER];
    private byte[] output = new byte[FIRST_BUFFER];
    private long lastCounter;
    private boolean used;

    JceContext(byte[] key, int mode) {
        if (key.length != AeadProvider.KEY_LENGTH) {
            throw new CryptoException("ChaCha20-Poly1305 key has " + key.length + " bytes; it must have 32");
        }
        this.mode = mode;
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.cipher = newCipher();
    }

    /**
     * Runs one packet through the cipher.
     *
     * @return false if its tag is wrong
     */
    boolean process(
            long counter,
            MemorySegment source,
            long sourceOffset,
            int length,
            MemorySegment target,
            long targetOffset) {
        reserve(length + AeadProvider.TAG_LENGTH);
        MemorySegment.copy(source, ValueLayout.JAVA_BYTE, sourceOffset, input, 0, length);
        try {
            start(counter);
            int written = cipher.doFinal(input, 0, length, output, 0);
            MemorySegment.copy(output, 0, target, ValueLayout.JAVA_BYTE, targetOffset, written);
            return true;
        } catch (AEADBadTagException e) {
            return false;
        } catch (GeneralSecurityException e) {
            throw new CryptoException(TRANSFORMATION + " of " + PROVIDER + " failed", e);
        }
    }

    void close() {
        if (occupancy.close()) {
            // SecretKeySpec and Cipher keep copies that cannot be wiped; dropping them is all there is.
            cipher = newCipher();
            key = new SecretKeySpec(new byte[AeadProvider.KEY_LENGTH], ALGORITHM);
            Arrays.fill(input, (byte) 0);
            Arrays.fill(output, (byte) 0);
        }
    }

    private void start(long counter) throws GeneralSecurityException {
        // The cipher refuses to start twice in a row with one key and nonce. Sealing never does that; opening does,
        // whenever
        // somebody sends the same datagram twice, since the replay window comes after authentication.
        if (used && counter == lastCounter) {
            if (mode == Cipher.ENCRYPT_MODE) {
                throw new IllegalStateException("counter " + Long.toUnsignedString(counter) + " is used a second time");
            }
            cipher = newCipher();
        }
        used = true;
        lastCounter = counter;
        nonceView.putLong(COUNTER_OFFSET, counter);
        cipher.init(mode, key, new IvParameterSpec(nonce));
    }

    private void reserve(int length) {
        if (input.length < length) {
            int larger = Integer.highestOneBit(length) << 1;
            input = new byte[larger];
            output = new byte[larger];
        }
    }

    private static Cipher newCipher() {
        try {
            return Cipher.getInstance(TRANSFORMATION, PROVIDER);
        } catch (GeneralSecurityException e) {
            throw new CryptoException("this Java has no " + TRANSFORMATION + " in " + PROVIDER, e);
        }
    }
}
