// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.nativeaead.LibCrypto.Function;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/**
 * The functions of OpenSSL 3's libcrypto that agree on secrets with X25519 keys. Pointers travel as in {@link LibCrypto}.
 *
 * <p>A key is made of both its halves where they are known ({@code EVP_PKEY_fromdata}): of its private half alone libcrypto derives the
 * public one each time, which takes as long as an agreement. Calls are linked as critical, so a safepoint waits for the agreement in
 * work, for less than 0.1 ms.
 */
final class LibCryptoKeys {
    static final int LENGTH = 32;

    private static final int KEYPAIR = 0x87;
    private static final int OCTET_STRING = 5;

    /** OSSL_PARAM: name, type, data, size and what was set; its list ends with an empty one. */
    private static final int PARAMETER = 40;

    private final MemorySegment type;
    private final MemorySegment privateHalf;
    private final MemorySegment publicHalf;
    private final Function newContextByName;
    private final Function beginMaking;
    private final Function make;
    private final Function makePublic;
    private final Function point;
    private final Function newContext;
    private final Function beginDeriving;
    private final Function setPeer;
    private final Function derive;
    private final Function freeContext;
    private final Function freeKey;
    private final Function forgetErrors;

    private LibCryptoKeys(SymbolLookup lookup) {
        type = Arena.global().allocateFrom("X25519");
        privateHalf = Arena.global().allocateFrom("priv");
        publicHalf = Arena.global().allocateFrom("pub");
        newContextByName = LibCrypto.function(lookup, "EVP_PKEY_CTX_new_from_name");
        beginMaking = LibCrypto.function(lookup, "EVP_PKEY_fromdata_init");
        make = LibCrypto.function(lookup, "EVP_PKEY_fromdata");
        makePublic = LibCrypto.function(lookup, "EVP_PKEY_new_raw_public_key_ex");
        point = LibCrypto.function(lookup, "EVP_PKEY_get_raw_public_key");
        newContext = LibCrypto.function(lookup, "EVP_PKEY_CTX_new");
        beginDeriving = LibCrypto.function(lookup, "EVP_PKEY_derive_init");
        setPeer = LibCrypto.function(lookup, "EVP_PKEY_derive_set_peer_ex");
        derive = LibCrypto.function(lookup, "EVP_PKEY_derive");
        freeContext = LibCrypto.function(lookup, "EVP_PKEY_CTX_free");
        freeKey = LibCrypto.function(lookup, "EVP_PKEY_free");
        forgetErrors = LibCrypto.function(lookup, "ERR_clear_error");
    }

    static LibCryptoKeys load() {
        return new LibCryptoKeys(LibCrypto.lookup());
    }

    /** A key of a private half and, unless that is null, the public one; to be freed. libcrypto copies both, and wipes its own. */
    long key(MemorySegment scalar, MemorySegment pointOrNull, Arena passing) {
        MemorySegment parameters = passing.allocate(3 * PARAMETER, Long.BYTES);
        parameter(parameters, 0, privateHalf, scalar);
        if (!pointOrNull.equals(MemorySegment.NULL)) {
            parameter(parameters, PARAMETER, publicHalf, pointOrNull);
        }
        MemorySegment made = passing.allocate(JAVA_LONG);
        long context = pointer(newContextByName, 0, type.address(), 0, 0, 0);
        try {
            check(beginMaking, context, 0, 0, 0);
            check(make, context, made.address(), KEYPAIR, parameters.address());
        } finally {
            var _ = LibCrypto.call(freeContext, context, 0, 0, 0, 0, 0);
        }
        return made.get(JAVA_LONG, 0);
    }

    private static void parameter(MemorySegment list, long at, MemorySegment name, MemorySegment value) {
        list.set(JAVA_LONG, at, name.address());
        list.set(JAVA_INT, at + 8, OCTET_STRING);
        list.set(JAVA_LONG, at + 16, value.address());
        list.set(JAVA_LONG, at + 24, value.byteSize());
    }

    /** A key that has only a public half; to be freed. */
    long publicKey(MemorySegment halfOfPeer) {
        return pointer(makePublic, 0, type.address(), 0, halfOfPeer.address(), LENGTH);
    }

    /** Writes a key's public half. */
    void writePoint(long key, MemorySegment target, Arena passing) {
        MemorySegment length = passing.allocateFrom(JAVA_LONG, LENGTH);
        check(point, key, target.address(), length.address(), 0);
    }

    /** Writes what two keys share; false if that is all zero. */
    boolean writeShared(long key, long peer, MemorySegment target, Arena passing) {
        MemorySegment length = passing.allocateFrom(JAVA_LONG, LENGTH);
        long context = pointer(newContext, key, 0, 0, 0, 0);
        try {
            check(beginDeriving, context, 0, 0, 0);
            check(setPeer, context, peer, 0, 0);
            boolean contributes =
                    (int) LibCrypto.call(derive, context, target.address(), length.address(), 0, 0, 0) == 1;
            if (!contributes) {
                var _ = LibCrypto.call(forgetErrors, 0, 0, 0, 0, 0, 0);
            }
            return contributes;
        } finally {
            var _ = LibCrypto.call(freeContext, context, 0, 0, 0, 0, 0);
        }
    }

    void free(long key) {
        var _ = LibCrypto.call(freeKey, key, 0, 0, 0, 0, 0);
    }

    private static long pointer(Function function, long a, long b, long c, long d, long e) {
        long pointer = LibCrypto.call(function, a, b, c, d, e, 0);
        if (pointer == 0) {
            throw new CryptoException(function.name() + " of libcrypto gave nothing; it may be built without X25519");
        }
        return pointer;
    }

    private static void check(Function function, long a, long b, long c, long d) {
        int result = (int) LibCrypto.call(function, a, b, c, d, 0, 0);
        if (result != 1) {
            throw new CryptoException(function.name() + " of libcrypto failed with " + result);
        }
    }
}
