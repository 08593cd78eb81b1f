// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.provider;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.HandshakeAead;
import dev.hawser.tunnel.crypto.OpeningKey;
import dev.hawser.tunnel.crypto.SealingKey;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/**
 * The proof a provider gives before it may touch a packet: it agrees with an independent implementation of RFC 8439 for lengths
 * around every block boundary, in place and into another buffer, opens what that one seals, and refuses a flipped bit.
 *
 * <p>The RFC's own vectors carry associated data, which packets do not; so the reference that the handshake uses anyway, and
 * that the tests hold to the RFC's vectors, stands in for them.
 */
final class AeadSelfTest {
    private static final int[] LENGTHS = {0, 1, 15, 16, 17, 63, 64, 65, 127, 128, 511, 512, 513, 1408, 1420};
    private static final int CAPACITY = 2048;
    private static final byte[] NO_DATA = new byte[0];

    private final AeadProvider provider;
    private final byte[] key = new byte[AeadProvider.KEY_LENGTH];
    private final MemorySegment left;
    private final MemorySegment right;

    private AeadSelfTest(AeadProvider provider, Arena arena) {
        this.provider = provider;
        this.left = arena.allocate(CAPACITY);
        this.right = arena.allocate(CAPACITY);
        for (int i = 0; i < key.length; i++) {
            key[i] = (byte) (0x80 + i);
        }
    }

    /** What is wrong with a provider, or empty if nothing is. */
    static Optional<String> failureOf(AeadProvider provider) {
        try (Arena arena = Arena.ofConfined()) {
            return new AeadSelfTest(provider, arena).run();
        }
    }

    private Optional<String> run() {
        try (SealingKey sealing = provider.sealing(key);
                OpeningKey opening = provider.opening(key)) {
            long counter = 0x0706_0504_0302_0100L;
            for (int length : LENGTHS) {
                Optional<String> failure = check(sealing, opening, counter, length);
                if (failure.isPresent()) {
                    return failure;
                }
                counter += 2;
            }
        }
        return Optional.empty();
    }

    private Optional<String> check(SealingKey sealing, OpeningKey opening, long counter, int length) {
        byte[] plaintext = new byte[length];
        for (int i = 0; i < length; i++) {
            plaintext[i] = (byte) (31 * i + length);
        }
        int sealedLength = length + AeadProvider.TAG_LENGTH;

        put(left, plaintext);
        sealing.seal(counter, left, 0, length, right, 3);
        if (!Arrays.equals(get(right, 3, sealedLength), reference(counter, plaintext))) {
            return Optional.of("sealing " + length + " bytes into another buffer gives a wrong text");
        }
        sealing.seal(counter + 1, left, 0, length);
        if (!Arrays.equals(get(left, 0, sealedLength), reference(counter + 1, plaintext))) {
            return Optional.of("sealing " + length + " bytes in place gives a wrong text");
        }
        if (!opening.open(counter, right, 3, sealedLength, left, 1)
                || !Arrays.equals(get(left, 1, length), plaintext)) {
            return Optional.of("opening " + length + " bytes into another buffer fails");
        }
        long last = 3L + sealedLength - 1;
        right.set(ValueLayout.JAVA_BYTE, last, (byte) (right.get(ValueLayout.JAVA_BYTE, last) ^ 1));
        if (opening.open(counter, right, 3, sealedLength)) {
            return Optional.of("it opens " + length + " bytes with a forged tag");
        }
        put(right, reference(counter, plaintext));
        if (!opening.open(counter, right, 0, sealedLength) || !Arrays.equals(get(right, 0, length), plaintext)) {
            return Optional.of("opening " + length + " bytes in place fails");
        }
        return Optional.empty();
    }

    private byte[] reference(long counter, byte[] plaintext) {
        byte[] nonce = ByteBuffer.allocate(HandshakeAead.CHACHA20_POLY1305.nonceLength())
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(4, counter)
                .array();
        return HandshakeAead.CHACHA20_POLY1305.seal(key, nonce, plaintext, NO_DATA);
    }

    private static void put(MemorySegment segment, byte[] bytes) {
        MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }

    private static byte[] get(MemorySegment segment, long offset, int length) {
        return segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
    }
}
