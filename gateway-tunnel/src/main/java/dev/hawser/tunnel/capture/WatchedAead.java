// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.capture;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.OpeningKey;
import dev.hawser.tunnel.crypto.SealingKey;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Keys whose packets go into a file too: before they are sealed, after they were opened. Threads as for all keys. */
final class WatchedAead implements AeadProvider {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int SHORTEST_PACKET = 20;
    private static final int IPV4_LENGTH = 2;
    private static final int IPV6_PAYLOAD_LENGTH = 4;
    private static final int IPV6_HEADER = 40;

    private final AeadProvider aead;
    private final PacketFile file;

    WatchedAead(AeadProvider aead, PacketFile file) {
        this.aead = aead;
        this.file = file;
    }

    @Override
    public String name() {
        return aead.name();
    }

    @Override
    public SealingKey sealing(byte[] key) {
        return new WatchedSealing(aead.sealing(key), file);
    }

    @Override
    public OpeningKey opening(byte[] key) {
        return new WatchedOpening(aead.opening(key), file);
    }

    /** Adds what a message holds, without the zeros that fill it up; a keepalive holds nothing. */
    private static void add(PacketFile file, MemorySegment buffer, long offset, int padded) {
        if (padded < SHORTEST_PACKET) {
            return;
        }
        int version = buffer.get(ValueLayout.JAVA_BYTE, offset) >> 4 & 0xf;
        int length = version == 4
                ? Short.toUnsignedInt(buffer.get(SHORT, offset + IPV4_LENGTH))
                : IPV6_HEADER + Short.toUnsignedInt(buffer.get(SHORT, offset + IPV6_PAYLOAD_LENGTH));
        file.add(buffer, offset, Math.min(length, padded));
    }

    private record WatchedSealing(SealingKey key, PacketFile file) implements SealingKey {
        @Override
        public boolean seal(
                long counter,
                MemorySegment source,
                long sourceOffset,
                int length,
                MemorySegment target,
                long targetOffset) {
            add(file, source, sourceOffset, length);
            return key.seal(counter, source, sourceOffset, length, target, targetOffset);
        }

        @Override
        public void close() {
            key.close();
        }
    }

    private record WatchedOpening(OpeningKey key, PacketFile file) implements OpeningKey {
        @Override
        public boolean open(
                long counter,
                MemorySegment source,
                long sourceOffset,
                int sealedLength,
                MemorySegment target,
                long targetOffset) {
            boolean authentic = key.open(counter, source, sourceOffset, sealedLength, target, targetOffset);
            if (authentic) {
                add(file, target, targetOffset, sealedLength - TAG_LENGTH);
            }
            return authentic;
        }

        @Override
        public void close() {
            key.close();
        }
    }
}
