// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import java.lang.foreign.MemorySegment;

/**
 * A key with the state to open packets with it.
 *
 * <p><b>Threads:</b> one thread opens; any thread may close, also while another one opens. <b>Buffers:</b> native segments that
 * belong to the caller and outlive the call.
 */
public interface OpeningKey extends AutoCloseable {
    /**
     * Opens one packet; the target receives {@code sealedLength - 16} bytes. Source and target either begin at the same byte or
     * do not overlap. Allocates nothing.
     *
     * @param counter the nonce the packet names
     * @param source where the ciphertext and its tag are
     * @param sourceOffset their start
     * @param sealedLength their length together; shorter than a tag is not authentic
     * @param target where the plaintext goes
     * @param targetOffset its start
     * @return whether the packet is authentic; if not, or if the key has been closed meanwhile, the target's bytes are undefined
     */
    boolean open(
            long counter,
            MemorySegment source,
            long sourceOffset,
            int sealedLength,
            MemorySegment target,
            long targetOffset);

    /** Opens one packet where it is. */
    default boolean open(long counter, MemorySegment buffer, long offset, int sealedLength) {
        return open(counter, buffer, offset, sealedLength, buffer, offset);
    }

    /** Wipes the key and frees what it holds; waits for a packet in work. Closing twice is harmless. */
    @Override
    void close();
}
