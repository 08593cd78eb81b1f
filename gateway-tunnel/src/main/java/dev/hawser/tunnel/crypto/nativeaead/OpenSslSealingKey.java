// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.SealingKey;
import java.lang.foreign.MemorySegment;

/** Seals with one EVP context. */
final class OpenSslSealingKey implements SealingKey {
    private final EvpContext context;

    OpenSslSealingKey(EvpContext context) {
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
        long in = BufferAddress.of(source, sourceOffset, length);
        long out = BufferAddress.of(target, targetOffset, (long) length + AeadProvider.TAG_LENGTH);
        if (!context.occupancy.enter()) {
            return false;
        }
        try {
            context.beginSealing(counter);
            if (length > 0) {
                context.library.cipher(context.handle, out, in, length);
            }
            context.finish(out + length);
            context.writeTag(out + length);
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
