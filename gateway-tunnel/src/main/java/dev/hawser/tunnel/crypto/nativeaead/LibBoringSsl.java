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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The five functions of BoringSSL's libcrypto that seal and open packets; one call does a whole packet.
 *
 * <p>As with {@link LibCrypto}, pointers travel as {@code long} and the calls are linked as critical. BoringSSL promises no
 * stable binary interface: the self-test at start is what keeps a changed one out.
 */
@SuppressWarnings("restricted") // the package exists to call a native library
final class LibBoringSsl {
    private static final String FILE = "libcrypto.so.0";

    /** Debian keeps it apart from OpenSSL's library of nearly the same name; elsewhere the loader's own path finds it. */
    private static final List<String> FOLDERS =
            List.of("/usr/lib/x86_64-linux-gnu/android", "/usr/lib/aarch64-linux-gnu/android");

    private static final Linker LINKER = Linker.nativeLinker();
    // One type for all but those of packets, as in LibCrypto.
    private static final MethodHandle CALL =
            handle(FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle PACKET = handle(FunctionDescriptor.of(
            JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
            JAVA_LONG));

    private final long algorithm;
    private final MemorySegment newContext;
    private final MemorySegment freeContext;
    private final MemorySegment seal;
    private final MemorySegment open;

    private LibBoringSsl(SymbolLookup lookup) {
        MemorySegment chacha = function(lookup, "EVP_aead_chacha20_poly1305");
        this.newContext = function(lookup, "EVP_AEAD_CTX_new");
        this.freeContext = function(lookup, "EVP_AEAD_CTX_free");
        this.seal = function(lookup, "EVP_AEAD_CTX_seal");
        this.open = function(lookup, "EVP_AEAD_CTX_open");
        this.algorithm = call(chacha, "EVP_aead_chacha20_poly1305", 0, 0, 0, 0);
    }

    static LibBoringSsl load() {
        for (String folder : FOLDERS) {
            Path file = Path.of(folder, FILE);
            if (Files.exists(file)) {
                return load(file.toString());
            }
        }
        return load(FILE);
    }

    private static LibBoringSsl load(String file) {
        try {
            return new LibBoringSsl(SymbolLookup.libraryLookup(file, Arena.global()));
        } catch (IllegalArgumentException e) {
            throw new CryptoException("cannot load " + file + "; install BoringSSL (Debian: android-libboringssl)", e);
        }
    }

    /** A context for both directions. */
    long newContext(long key, long keyLength, long tagLength) {
        long context = call(newContext, "EVP_AEAD_CTX_new", algorithm, key, keyLength, tagLength);
        if (context == 0) {
            throw new CryptoException("EVP_AEAD_CTX_new of BoringSSL gave nothing; is there memory left?");
        }
        return context;
    }

    /** Frees a context; BoringSSL wipes all memory that it frees. */
    void freeContext(long context) {
        var _ = call(freeContext, "EVP_AEAD_CTX_free", context, 0, 0, 0);
    }

    /** Seals {@code inLength} bytes to {@code out}, which takes {@code capacity}. */
    boolean seal(BoringSslContext context, long out, long capacity, long in, long inLength) {
        return packet(seal, "EVP_AEAD_CTX_seal", context, out, capacity, in, inLength);
    }

    /** Opens {@code inLength} bytes to {@code out}; false if they are not authentic. */
    boolean open(BoringSslContext context, long out, long capacity, long in, long inLength) {
        return packet(open, "EVP_AEAD_CTX_open", context, out, capacity, in, inLength);
    }

    private static boolean packet(
            MemorySegment function,
            String name,
            BoringSslContext context,
            long out,
            long capacity,
            long in,
            long inLength) {
        long nonceLength = BoringSslContext.NONCE_LENGTH;
        try {
            return (int) PACKET.invokeExact(
                            function,
                            context.handle,
                            out,
                            context.written,
                            capacity,
                            context.nonce,
                            nonceLength,
                            in,
                            inLength,
                            0L,
                            0L)
                    == 1;
        } catch (Throwable e) {
            throw broken(name, e);
        }
    }

    private static long call(MemorySegment function, String name, long a, long b, long c, long d) {
        try {
            return (long) CALL.invokeExact(function, a, b, c, d);
        } catch (Throwable e) {
            throw broken(name, e);
        }
    }

    private static CryptoException broken(String name, Throwable cause) {
        return new CryptoException("cannot call " + name + " of BoringSSL", cause);
    }

    private static MemorySegment function(SymbolLookup lookup, String name) {
        return lookup.find(name)
                .orElseThrow(() -> new CryptoException(FILE + " lacks " + name + "; it is not BoringSSL's"));
    }

    private static MethodHandle handle(FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(descriptor, Linker.Option.critical(false));
    }
}
