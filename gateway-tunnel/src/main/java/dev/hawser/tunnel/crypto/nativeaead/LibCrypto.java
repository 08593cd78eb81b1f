// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

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
    /**
     * Every function has the type of the one with the most arguments, six numbers: it costs milliseconds of a gateway's start to
     * make a type ready, and a function looks only at the registers that it was declared with.
     */
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            Linker.Option.critical(false));

    record Function(String name, MemorySegment address) {}

    private final long cipher;
    private final Function newContext;
    private final Function freeContext;
    private final Function init;
    private final Function encipher;
    private final Function finish;
    private final Function parameters;

    private LibCrypto(SymbolLookup lookup) {
        this.newContext = function(lookup, "EVP_CIPHER_CTX_new");
        this.freeContext = function(lookup, "EVP_CIPHER_CTX_free");
        this.init = function(lookup, "EVP_CipherInit_ex2");
        this.encipher = function(lookup, "EVP_Cipher");
        this.finish = function(lookup, "EVP_CipherFinal_ex");
        this.parameters = function(lookup, "EVP_CIPHER_CTX_get_params");
        this.cipher = pointer(function(lookup, "EVP_chacha20_poly1305"));
    }

    static LibCrypto load() {
        return new LibCrypto(lookup());
    }

    static SymbolLookup lookup() {
        try {
            return SymbolLookup.libraryLookup(FILE, Arena.global());
        } catch (IllegalArgumentException e) {
            throw new CryptoException("cannot load " + FILE + "; install OpenSSL 3 (Debian: libssl3)", e);
        }
    }

    long newContext() {
        return pointer(newContext);
    }

    /** Frees a context; libcrypto wipes the key schedule in it. */
    void freeContext(long context) {
        var _ = call(freeContext, context, 0, 0, 0, 0, 0);
    }

    void setKey(long context, long key, int direction) {
        check(init(context, cipher, key, 0L, direction, 0L), "EVP_CipherInit_ex2");
    }

    /** Begins a packet; when opening, the parameters name the tag that it must have. */
    void begin(long context, long nonce, int direction, long parametersOrNull) {
        check(init(context, 0L, 0L, nonce, direction, parametersOrNull), "EVP_CipherInit_ex2");
    }

    void cipher(long context, long out, long in, int length) {
        int done = (int) call(encipher, context, out, in, length, 0, 0);
        if (done != length) {
            throw new CryptoException("EVP_Cipher of " + FILE + " did " + done + " of " + length + " bytes");
        }
    }

    /** Ends a packet; when opening, false means that the tag is wrong. */
    boolean finish(long context, long out, long outLength) {
        return (int) call(finish, context, out, outLength, 0, 0, 0) == 1;
    }

    /** Reads what the parameters name: the tag after sealing. */
    void read(long context, long named) {
        check((int) call(parameters, context, named, 0, 0, 0, 0), "EVP_CIPHER_CTX_get_params");
    }

    private int init(long context, long type, long key, long nonce, int direction, long parametersOrNull) {
        return (int) call(init, context, type, key, nonce, direction, parametersOrNull);
    }

    private static long pointer(Function function) {
        long pointer = call(function, 0, 0, 0, 0, 0, 0);
        if (pointer == 0) {
            throw new CryptoException(
                    function.name() + " of " + FILE + " gave nothing; it may be built without ChaCha20-Poly1305");
        }
        return pointer;
    }

    /** Of what a function of type int gives, only the lower half means something. */
    static long call(Function function, long a, long b, long c, long d, long e, long f) {
        try {
            return (long) CALL.invokeExact(function.address(), a, b, c, d, e, f);
        } catch (Throwable broken) {
            throw new CryptoException("cannot call " + function.name() + " of " + FILE, broken);
        }
    }

    private static void check(int result, String name) {
        if (result != 1) {
            throw new CryptoException(name + " of " + FILE + " failed with " + result);
        }
    }

    static Function function(SymbolLookup lookup, String name) {
        return lookup.find(name)
                .map(address -> new Function(name, address))
                .orElseThrow(() -> new CryptoException(FILE + " lacks " + name + "; OpenSSL 3 is needed"));
    }
}
