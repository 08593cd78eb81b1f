// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.capture;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * IP packets in the pcap format (draft-ietf-opsawg-pcap) with nanoseconds, for tcpdump and Wireshark. The newest are kept: a
 * file that is full becomes {@code NAME.1}, in the place of an earlier one.
 *
 * <p>A file that cannot be written to ends the capture, never the packet path. <b>Threads:</b> any; writers wait for each
 * other. <b>Buffers:</b> packets are copied.
 */
public final class PacketFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PacketFile.class);
    private static final int MAGIC_NANOSECONDS = 0xa1b2_3c4d;
    private static final int LINKTYPE_RAW = 101;
    private static final int PACKET_HEADER = 16;
    private static final int BUFFER = 1 << 18;
    private static final int LONGEST_PACKET = 65_535;
    private static final long FLUSH_NANOS = 500_000_000;

    private final Path file;
    private final long bound;
    private final int kept;
    private final InstantSource clock;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER).order(ByteOrder.LITTLE_ENDIAN);
    private final MemorySegment memory = MemorySegment.ofBuffer(buffer);
    private FileChannel channel;
    private long length;
    private Instant flushed = Instant.EPOCH;
    private boolean failed;

    /**
     * Begins a file; one of the same name is replaced.
     *
     * @param bound bytes of this file and its predecessor together
     * @param kept bytes of each packet; what is behind them is left out
     */
    public PacketFile(Path file, long bound, int kept, InstantSource clock) throws IOException {
        this.file = file;
        this.bound = bound;
        this.kept = Math.min(kept, LONGEST_PACKET);
        this.clock = clock;
        this.channel = begin();
    }

    /** Adds a packet that begins with its IP header. */
    public synchronized void add(MemorySegment source, long offset, int packetLength) {
        if (failed) {
            return;
        }
        try {
            int copied = Math.min(packetLength, kept);
            int record = PACKET_HEADER + copied;
            if (length + buffer.position() + record > bound / 2) {
                turn();
            }
            if (buffer.remaining() < record) {
                flush();
            }
            Instant now = clock.instant();
            buffer.putInt((int) now.getEpochSecond()).putInt(now.getNano());
            buffer.putInt(copied).putInt(packetLength);
            MemorySegment.copy(source, offset, memory, buffer.position(), copied);
            buffer.position(buffer.position() + copied);
            if (now.minusNanos(FLUSH_NANOS).isAfter(flushed)) {
                flush();
                flushed = now;
            }
        } catch (IOException e) {
            failed = true;
            LOG.warn("packets are not captured any more: {} cannot be written: {}", file, e.getMessage());
        }
    }

    private void turn() throws IOException {
        flush();
        channel.close();
        Files.move(file, file.resolveSibling(file.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
        channel = begin();
    }

    private FileChannel begin() throws IOException {
        FileChannel opened = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        buffer.clear();
        buffer.putInt(MAGIC_NANOSECONDS).putShort((short) 2).putShort((short) 4);
        // No time zone and no accuracy, as everybody writes it.
        buffer.putLong(0).putInt(kept).putInt(LINKTYPE_RAW);
        length = 0;
        return opened;
    }

    private void flush() throws IOException {
        buffer.flip();
        length += buffer.remaining();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }

    /** Writes what is left. */
    @Override
    public synchronized void close() throws IOException {
        try (FileChannel last = channel) {
            if (!failed && last.isOpen()) {
                flush();
            }
            failed = true;
        }
    }
}
