// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

import dev.hawser.tunnel.crypto.Curve25519;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** X25519 by OpenSSL 3. Copies of private keys are wiped. Thread-safe. */
public final class OpenSslCurve implements Curve25519 {
    private final LibCryptoKeys library;

    private OpenSslCurve(LibCryptoKeys library) {
        this.library = library;
    }

    /**
     * Finds the library on this machine.
     *
     * @throws dev.hawser.tunnel.crypto.CryptoException if there is none, or it lacks a function
     */
    public static OpenSslCurve load() {
        return new OpenSslCurve(LibCryptoKeys.load());
    }

    @Override
    public String name() {
        return OpenSslAead.NAME;
    }

    @Override
    public byte[] publicKey(byte[] scalar) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment secret = arena.allocateFrom(ValueLayout.JAVA_BYTE, scalar);
            try {
                long key = library.key(secret, MemorySegment.NULL, arena);
                try {
                    MemorySegment point = arena.allocate(LibCryptoKeys.LENGTH);
                    library.writePoint(key, point, arena);
                    return point.toArray(ValueLayout.JAVA_BYTE);
                } finally {
                    library.free(key);
                }
            } finally {
                secret.fill((byte) 0);
            }
        }
    }

    @Override
    public boolean agree(byte[] scalar, byte[] ownPoint, byte[] point, byte[] shared) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment secret = arena.allocateFrom(ValueLayout.JAVA_BYTE, scalar);
            MemorySegment result = arena.allocate(LibCryptoKeys.LENGTH);
            try {
                long own = library.key(secret, arena.allocateFrom(ValueLayout.JAVA_BYTE, ownPoint), arena);
                try {
                    return agree(own, arena.allocateFrom(ValueLayout.JAVA_BYTE, point), result, arena, shared);
                } finally {
                    library.free(own);
                }
            } finally {
                secret.fill((byte) 0);
                result.fill((byte) 0);
            }
        }
    }

    private boolean agree(long own, MemorySegment point, MemorySegment result, Arena arena, byte[] shared) {
        long peer = library.publicKey(point);
        try {
            boolean contributes = library.writeShared(own, peer, result, arena);
            if (contributes) {
                MemorySegment.copy(result, ValueLayout.JAVA_BYTE, 0, shared, 0, shared.length);
            }
            return contributes;
        } finally {
            library.free(peer);
        }
    }
}
