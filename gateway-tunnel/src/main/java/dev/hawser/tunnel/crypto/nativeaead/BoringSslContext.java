// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.KeyOccupancy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** One EVP_AEAD_CTX, and the few bytes of native memory each packet needs beside it. */
final class BoringSslContext {
    static final long NONCE_LENGTH = 12;

    private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int COUNTER_OFFSET = 4;
    // The length of the output goes here; it is known in advance and nobody reads it.
    private static final int WRITTEN_OFFSET = 16;
    private static final int SCRATCH_LENGTH = 32;

    final LibBoringSsl library;
    final KeyOccupancy occupancy = new KeyOccupancy();
    final long handle;
    final long nonce;
    final long written;

    private final Arena arena;
    private final MemorySegment scratch;

    BoringSslContext(LibBoringSsl library, byte[] key) {
        if (key.length != AeadProvider.KEY_LENGTH) {
            throw new CryptoException("ChaCha20-Poly1305 key has " + key.length + " bytes; it must have 32");
        }
        this.library = library;
        this.arena = Arena.ofShared();
        this.scratch = arena.allocate(SCRATCH_LENGTH, Long.BYTES);
        this.nonce = scratch.address();
        this.written = scratch.address() + WRITTEN_OFFSET;
        try (Arena passing = Arena.ofConfined()) {
            MemorySegment copy = passing.allocate(key.length);
            copy.copyFrom(MemorySegment.ofArray(key));
            this.handle = library.newContext(copy.address(), key.length, AeadProvider.TAG_LENGTH);
            copy.fill((byte) 0);
        }
    }

    void setCounter(long counter) {
        scratch.set(LITTLE_ENDIAN_LONG, COUNTER_OFFSET, counter);
    }

    void close() {
        if (occupancy.close()) {
            library.freeContext(handle);
            arena.close();
        }
    }
}
