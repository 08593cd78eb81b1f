// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.OpeningKey;
import java.lang.foreign.MemorySegment;

/** Opens with one BoringSSL context. */
final class BoringSslOpeningKey implements OpeningKey {
    private final BoringSslContext context;

    BoringSslOpeningKey(BoringSslContext context) {
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
            context.setCounter(counter);
            return context.library.open(context, out, length, in, sealedLength);
        } finally {
            context.occupancy.leave();
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
