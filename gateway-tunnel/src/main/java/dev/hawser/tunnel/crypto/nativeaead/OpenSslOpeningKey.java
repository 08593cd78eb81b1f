// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.OpeningKey;
import java.lang.foreign.MemorySegment;

/** Opens with one EVP context. */
final class OpenSslOpeningKey implements OpeningKey {
    private final EvpContext context;

    OpenSslOpeningKey(EvpContext context) {
        this.context = context;
    }

    @Override
    public boolean open(
            long counter,
            MemorySegment source,
            long sourceOffset,
            int sealedLength,
            MemorySegment target,
            long targetOffset) {
        int length = sealedLength - AeadProvider.TAG_LENGTH;
        if (length < 0) {
            return false;
        }
        long in = BufferAddress.of(source, sourceOffset, sealedLength);
        long out = BufferAddress.of(target, targetOffset, length);
        if (!context.occupancy.enter()) {
            return false;
        }
        try {
            context.beginOpening(counter, in + length);
            if (length > 0) {
                context.library.cipher(context.handle, out, in, length);
            }
            return context.finish(out + length);
        } finally {
            context.occupancy.leave();
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
