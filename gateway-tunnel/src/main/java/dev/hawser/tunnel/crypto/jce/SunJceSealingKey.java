// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.jce;

import dev.hawser.tunnel.crypto.SealingKey;
import java.lang.foreign.MemorySegment;

/** Seals with one JCE cipher. */
final class SunJceSealingKey implements SealingKey {
    private final JceContext context;

    SunJceSealingKey(JceContext context) {
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
        if (!context.occupancy.enter()) {
            return false;
        }
        try {
            return context.process(counter, source, sourceOffset, length, target, targetOffset);
        } finally {
            context.occupancy.leave();
        }
    }

    @Override
    public void close() {
        context.close();
    }
}
