// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.jce;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.OpeningKey;
import java.lang.foreign.MemorySegment;

/** Opens with one JCE cipher. */
final class SunJceOpeningKey implements OpeningKey {
    private final JceContext context;

    SunJceOpeningKey(JceContext context) {
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
        if (sealedLength < AeadProvider.TAG_LENGTH || !context.occupancy.enter()) {
            return false;
        }
        try {
            return context.process(counter, source, sourceOffset, sealedLength, target, targetOffset);
        } finally {
            context.occupancy.leave();
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
