// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.hawser.tunnel.crypto.CryptoException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * The seven functions of OpenSSL 3's libcrypto that seal and open packets.
 *
 * <p>Data goes through {@code EVP_Cipher}, which calls the cipher with nothing in between, and tags travel as parameters,
 * because each of the common ways ({@code EVP_CipherUpdate}, {@code EVP_CIPHER_CTX_ctrl}) costs tens of nanoseconds more. An
 * empty text to {@code EVP_Cipher} ends nothing, so {@code EVP_CipherFinal_ex} it is.
 *
 * <p>Pointers travel as {@code long}: a slice of a segment per call would be an allocation wherever the compiler does not see
 * through it. So callers check bounds themselves and keep segments alive across the call. The method handles take the
 * function's address as first argument, which lets them be static constants although the library may be missing.
 *
 * <p>All calls are short and never block, so they are linked as critical: no safepoint transition.
 */
@SuppressWarnings("restricted") // the package exists to call a native library
final class LibCrypto {
    static final int ENCRYPT = 1;
    static final int DECRYPT = 0;

    private static final String FILE = "libcrypto.so.3";

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle POINTER_OF_NOTHING = handle(FunctionDescriptor.of(JAVA_LONG));
    private static final MethodHandle NOTHING_OF_POINTER = handle(FunctionDescriptor.ofVoid(JAVA_LONG));
    private static final MethodHandle INIT =
            handle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_LONG));
    private static final MethodHandle CIPHER =
            handle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT));
    private static final MethodHandle FINAL = handle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PARAMETERS = handle(FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));

    private final long cipher;
    private final MemorySegment newContext;
    private final MemorySegment freeContext;
    private final MemorySegment init;
    private final MemorySegment encipher;
    private final MemorySegment finish;
    private final MemorySegment parameters;

    private LibCrypto(SymbolLookup lookup) {
        this.newContext = function(lookup, "EVP_CIPHER_CTX_new");
        this.freeContext = function(lookup, "EVP_CIPHER_CTX_free");
        this.init = function(lookup, "EVP_CipherInit_ex2");
        this.encipher = function(lookup, "EVP_Cipher");
        this.finish = function(lookup, "EVP_CipherFinal_ex");
        this.parameters = function(lookup, "EVP_CIPHER_CTX_get_params");
        this.cipher = pointer(function(lookup, "EVP_chacha20_poly1305"), "EVP_chacha20_poly1305");
    }

    static LibCrypto load() {
        SymbolLookup lookup;
        try {
            lookup = SymbolLookup.libraryLookup(FILE, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new CryptoException("cannot load " + FILE + "; install OpenSSL 3 (Debian: libssl3)", e);
        }
        return new LibCrypto(lookup);
    }

    long newContext() {
        return pointer(newContext, "EVP_CIPHER_CTX_new");
    }

    /** Frees a context; libcrypto wipes the key schedule in it. */
    void freeContext(long context) {
        try {
            NOTHING_OF_POINTER.invokeExact(freeContext, context);
        } catch (Throwable e) {
            throw broken("EVP_CIPHER_CTX_free", e);
        }
    }

    void setKey(long context, long key, int direction) {
        check(init(context, cipher, key, 0L, direction, 0L), "EVP_CipherInit_ex2");
    }

    /** Begins a packet; when opening, the parameters name the tag that it must have. */
    void begin(long context, long nonce, int direction, long parametersOrNull) {
        check(init(context, 0L, 0L, nonce, direction, parametersOrNull), "EVP_CipherInit_ex2");
    }

    void cipher(long context, long out, long in, int length) {
        int done;
        try {
            done = (int) CIPHER.invokeExact(encipher, context, out, in, length);
        } catch (Throwable e) {
            throw broken("EVP_Cipher", e);
        }
        if (done != length) {
            throw new CryptoException("EVP_Cipher of " + FILE + " did " + done + " of " + length + " bytes");
        }
    }

    /** Ends a packet; when opening, false means that the tag is wrong. */
    boolean finish(long context, long out, long outLength) {
        try {
            return (int) FINAL.invokeExact(finish, context, out, outLength) == 1;
        } catch (Throwable e) {
            throw broken("EVP_CipherFinal_ex", e);
        }
    }

    /** Reads what the parameters name: the tag after sealing. */
    void read(long context, long named) {
        int result;
        try {
            result = (int) PARAMETERS.invokeExact(parameters, context, named);
        } catch (Throwable e) {
            throw broken("EVP_CIPHER_CTX_get_params", e);
        }
        check(result, "EVP_CIPHER_CTX_get_params");
    }

    private int init(long context, long type, long key, long nonce, int direction, long parametersOrNull) {
        try {
            return (int) INIT.invokeExact(init, context, type, key, nonce, direction, parametersOrNull);
        } catch (Throwable e) {
            throw broken("EVP_CipherInit_ex2", e);
        }
    }

    private static long pointer(MemorySegment function, String name) {
        long pointer;
        try {
            pointer = (long) POINTER_OF_NOTHING.invokeExact(function);
        } catch (Throwable e) {
            throw broken(name, e);
        }
        if (pointer == 0) {
            throw new CryptoException(
                    name + " of " + FILE + " gave nothing; it may be built without ChaCha20-Poly1305");
        }
        return pointer;
    }

    private static void check(int result, String name) {
        if (result != 1) {
            throw new CryptoException(name + " of " + FILE + " failed with " + result);
        }
    }

    private static CryptoException broken(String name, Throwable cause) {
        return new CryptoException("cannot call " + name + " of " + FILE, cause);
    }

    private static MemorySegment function(SymbolLookup lookup, String name) {
        return lookup.find(name)
                .orElseThrow(() -> new CryptoException(FILE + " lacks " + name + "; OpenSSL 3 is needed"));
    }

    private static MethodHandle handle(FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(descriptor, Linker.Option.critical(false));
    }
}
