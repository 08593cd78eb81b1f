// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.SealingKey;
import java.lang.foreign.MemorySegment;

/** Seals with one BoringSSL context. */
final class BoringSslSealingKey implements SealingKey {
    private final BoringSslContext context;

    BoringSslSealingKey(BoringSslContext context) {
        this.context = context;
    }

    @Override
    public boolean seal(
            long counter,
            MemorySegment source,
            long sourceOffset,
            int length,
            MemorySegment target,
            long targetOffset) {
        long capacity = (long) length + AeadProvider.TAG_LENGTH;
        long in = BufferAddress.of(source, sourceOffset, length);
        long out = BufferAddress.of(target, targetOffset, capacity);
        if (!context.occupancy.enter()) {
            return false;
        }
        try {
            context.setCounter(counter);
            if (!context.library.seal(context, out, capacity, in, length)) {
                throw new CryptoException("EVP_AEAD_CTX_seal of BoringSSL refuses " + length + " bytes");
            }
            return true;
        } finally {
            context.occupancy.leave();
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
