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

    // Behind the nonce: the length that EVP reports and nobody reads, an OSSL_PARAM named "tag" and the empty one that
    // ends
    // the list, and the name.
    private static final int WRITTEN = 16;
    private static final int PARAMETER = 24;
    private static final int TYPE = PARAMETER + 8;
    private static final int DATA = PARAMETER + 16;
    private static final int DATA_LENGTH = PARAMETER + 24;
    private static final int NAME = PARAMETER + 2 * 40;
    private static final int SCRATCH_LENGTH = NAME + 8;
    private static final int OCTET_STRING = 5;

    final LibCrypto library;
    final KeyOccupancy occupancy = new KeyOccupancy();
    final long handle;

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
        scratch.setString(NAME, "tag");
        scratch.set(ValueLayout.JAVA_LONG, PARAMETER, scratch.address() + NAME);
        scratch.set(ValueLayout.JAVA_INT, TYPE, OCTET_STRING);
        scratch.set(ValueLayout.JAVA_LONG, DATA_LENGTH, AeadProvider.TAG_LENGTH);
        this.handle = library.newContext();
        try (Arena passing = Arena.ofConfined()) {
            MemorySegment copy = passing.allocate(key.length);
            copy.copyFrom(MemorySegment.ofArray(key));
            library.setKey(handle, copy.address(), direction);
            copy.fill((byte) 0);
        }
    }

    /** Begins to seal a packet. */
    void beginSealing(long counter) {
        scratch.set(LITTLE_ENDIAN_LONG, COUNTER_OFFSET, counter);
        library.begin(handle, scratch.address(), direction, 0L);
    }

    /** Begins to open a packet with the tag at an address. */
    void beginOpening(long counter, long tag) {
        scratch.set(LITTLE_ENDIAN_LONG, COUNTER_OFFSET, counter);
        scratch.set(ValueLayout.JAVA_LONG, DATA, tag);
        library.begin(handle, scratch.address(), direction, scratch.address() + PARAMETER);
    }

    /** Ends a packet, whose text ended before an address; when opening, false means that the tag is wrong. */
    boolean finish(long end) {
        return library.finish(handle, end, scratch.address() + WRITTEN);
    }

    /** Writes the tag of the packet just sealed to an address. */
    void writeTag(long tag) {
        scratch.set(ValueLayout.JAVA_LONG, DATA, tag);
        library.read(handle, scratch.address() + PARAMETER);
    }

    void close() {
        if (occupancy.close()) {
            library.freeContext(handle);
            arena.close();
        }
    }
}
