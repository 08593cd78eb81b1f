// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.KeyOccupancy;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** One EVP_CIPHER_CTX with its key set, and the few bytes of native memory each packet needs beside it. */
final class EvpContext {
    private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int COUNTER_OFFSET = 4;
    // The output length that EVP reports goes here; it is known in advance and nobody reads it.
    private static final int WRITTEN_OFFSET = 16;
    private static final int SCRATCH_LENGTH = 32;

    final LibCrypto library;
    final KeyOccupancy occupancy = new KeyOccupancy();
    final long handle;
    final long written;

    private final int direction;
    private final Arena arena;
    private final MemorySegment scratch;

    EvpContext(LibCrypto library, byte[] key, int direction) {
        if (key.length != AeadProvider.KEY_LENGTH) {
            throw new CryptoException("ChaCha20-Poly1305 key has " + key.length + " bytes; it must have 32");
        }
        this.library = library;
        this.direction = direction;
        this.arena = Arena.ofShared();
        this.scratch = arena.allocate(SCRATCH_LENGTH, Long.BYTES);
        this.written = scratch.address() + WRITTEN_OFFSET;
        this.handle = library.newContext();
        try (Arena passing = Arena.ofConfined()) {
            MemorySegment copy = passing.allocate(key.length);
            copy.copyFrom(MemorySegment.ofArray(key));
            library.setKey(handle, copy.address(), direction);
            copy.fill((byte) 0);
        }
    }

    void setCounter(long counter) {
        scratch.set(LITTLE_ENDIAN_LONG, COUNTER_OFFSET, counter);
        library.setNonce(handle, scratch.address(), direction);
    }

    void close() {
        if (occupancy.close()) {
            library.freeContext(handle);
            arena.close();
        }
    }
}
