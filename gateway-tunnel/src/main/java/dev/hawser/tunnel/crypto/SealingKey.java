// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import java.lang.foreign.MemorySegment;

/**
 * A key with the state to seal packets with it.
 *
 * <p><b>Threads:</b> one thread seals; any thread may close, also while another one seals. Two threads that seal with one
 * context are a programming error and are told so. A second sender of the same session (the control thread, for keepalives)
 * takes a second context of the same key; what must be shared is the counter, not the context.
 *
 * <p><b>Buffers:</b> native segments that belong to the caller and outlive the call.
 */
public interface SealingKey extends AutoCloseable {
    /**
     * Seals one packet; the target receives {@code length + 16} bytes. Source and target either begin at the same byte or do not
     * overlap. Allocates nothing.
     *
     * @param counter the nonce; never used twice with one key
     * @param source where the plaintext is
     * @param sourceOffset its start
     * @param length its length in bytes, 0 for a keepalive
     * @param target where the ciphertext and its tag go
     * @param targetOffset their start
     * @return false if the key has been closed meanwhile; then nothing was written
     */
    boolean seal(
            long counter, MemorySegment source, long sourceOffset, int length, MemorySegment target, long targetOffset);

    /** Seals one packet where it is; {@code length + 16} bytes from the offset on are written. */
    default boolean seal(long counter, MemorySegment buffer, long offset, int length) {
        return seal(counter, buffer, offset, length, buffer, offset);
    }

    /** Wipes the key and frees what it holds; waits for a packet in work. Closing twice is harmless. */
    @Override
    void close();
}
