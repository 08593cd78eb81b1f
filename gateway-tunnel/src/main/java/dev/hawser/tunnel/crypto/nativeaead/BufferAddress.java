// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.nativeaead;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** The way from a caller's buffer to the number that a native function takes. */
final class BufferAddress {
    private BufferAddress() {}

    /** The address of a range of a caller's buffer, checked: past this point nothing else guards the memory. */
    static long of(MemorySegment segment, long offset, long length) {
        if (!segment.isNative()) {
            throw new IllegalArgumentException("packet buffer " + segment + " is on the heap; give native memory");
        }
        Objects.checkFromIndexSize(offset, length, segment.byteSize());
        return segment.address() + offset;
    }
}
