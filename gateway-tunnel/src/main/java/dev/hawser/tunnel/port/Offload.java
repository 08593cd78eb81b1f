// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.port;

/**
 * What a device and the path tell each other about a packet beside its bytes: work left to the other side.
 *
 * <p>It carries the meaning of a virtio-net header (Virtual I/O Device specification 1.2, 5.1.6) without its layout.
 * Mutable and reused so that the loop allocates nothing; confined to one thread.
 */
public final class Offload {
    /** How a super-packet is to be cut. */
    public enum Segmentation {
        /** An ordinary packet. */
        NONE,
        /** TCP over IPv4. */
        TCP4,
        /** TCP over IPv6. */
        TCP6,
        /** UDP over either family. */
        UDP
    }

    private Segmentation segmentation = Segmentation.NONE;
    private int headerLength;
    private int segmentSize;
    private boolean checksumPartial;
    private int checksumStart;
    private int checksumOffset;

    /** Marks an ordinary packet with complete checksums. */
    public void plain() {
        segmentation = Segmentation.NONE;
        headerLength = 0;
        segmentSize = 0;
        checksumPartial = false;
        checksumStart = 0;
        checksumOffset = 0;
    }

    /**
     * Marks the transport checksum as not finished: the field holds the pseudo-header sum only, not complemented.
     *
     * @param start offset from which the sum runs, from the start of the IP header
     * @param offset where the checksum field stands, from {@code start}
     */
    public void partialChecksum(int start, int offset) {
        checksumPartial = true;
        checksumStart = start;
        checksumOffset = offset;
    }

    /**
     * Marks a super-packet.
     *
     * @param kind how to cut it
     * @param header bytes of IP and transport header that every segment repeats
     * @param size payload bytes of every segment but the last
     */
    public void segments(Segmentation kind, int header, int size) {
        segmentation = kind;
        headerLength = header;
        segmentSize = size;
    }

    /** How to cut the packet. */
    public Segmentation segmentation() {
        return segmentation;
    }

    /** Header bytes repeated in every segment. */
    public int headerLength() {
        return headerLength;
    }

    /** Payload bytes of each segment but the last; 0 without segmentation. */
    public int segmentSize() {
        return segmentSize;
    }

    /** Whether the transport checksum is still to be completed. */
    public boolean checksumPartial() {
        return checksumPartial;
    }

    /** Where the unfinished sum starts, from the IP header. */
    public int checksumStart() {
        return checksumStart;
    }

    /** Where its field stands, from {@link #checksumStart()}. */
    public int checksumOffset() {
        return checksumOffset;
    }
}
