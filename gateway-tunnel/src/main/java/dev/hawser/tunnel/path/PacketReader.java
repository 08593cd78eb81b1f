// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.route.PacketHeaders;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Finds the headers of one packet in a buffer: what a decision needs and where a rewrite goes.
 *
 * <p>Mutable and reused so that nothing is allocated per packet; confined to one thread. The getters have a meaning after
 * {@link #read} returned null, until the next call.
 */
final class PacketReader {
    /** Stands for "not there". */
    static final long NONE = -1;

    private final PacketHeaders headers = new PacketHeaders();
    private final PacketHeaders quotedHeaders = new PacketHeaders();
    private long offset;
    private int length;
    private long transport;
    private long transportChecksum;
    private long quote;
    private long quotedChecksum;

    /**
     * Reads the headers.
     *
     * @param packet the buffer
     * @param at where the IP header starts
     * @param available bytes there; may be more than the packet (padding)
     * @return why the packet must be dropped, or null
     */
    @Nullable
    DropReason read(MemorySegment packet, long at, int available) {
        int version = available == 0 ? 0 : Bytes.u8(packet, at) >>> 4;
        if (version != 4) {
            return version == 6 ? DropReason.UNSUPPORTED_FAMILY : DropReason.NOT_IP;
        }
        int headerLength = headerLength(packet, at, available);
        if (headerLength == 0) {
            return DropReason.MALFORMED;
        }
        length = Bytes.u16(packet, at + Ipv4.TOTAL_LENGTH);
        if (length < headerLength || length > available) {
            return DropReason.MALFORMED;
        }
        offset = at;
        transport = at + headerLength;
        quote = NONE;
        quotedChecksum = NONE;
        fill(headers, packet, at, transport, length - headerLength);
        return locate(packet, length - headerLength);
    }

    /** Length of a sound IPv4 header, or 0. */
    private static int headerLength(MemorySegment packet, long at, int available) {
        if (available < Ipv4.MIN_HEADER) {
            return 0;
        }
        int words = Bytes.u8(packet, at) & 0xf;
        int bytes = words * Integer.BYTES;
        return bytes >= Ipv4.MIN_HEADER && bytes <= available ? bytes : 0;
    }

    private static void fill(PacketHeaders into, MemorySegment packet, long at, long transport, int behind) {
        into.ipv4(Bytes.u32(packet, at + Ipv4.SOURCE), Bytes.u32(packet, at + Ipv4.DESTINATION));
        int protocol = Bytes.u8(packet, at + Ipv4.PROTOCOL);
        boolean later = (Bytes.u16(packet, at + Ipv4.FRAGMENT) & Ipv4.FRAGMENT_OFFSET_MASK) != 0;
        if (later || behind < Integer.BYTES || !Ipv4.hasPorts(protocol)) {
            into.transport(protocol, PacketHeaders.NO_PORT, PacketHeaders.NO_PORT, later);
        } else {
            into.transport(protocol, Bytes.u16(packet, transport), Bytes.u16(packet, transport + 2), false);
        }
    }

    private @Nullable DropReason locate(MemorySegment packet, int behind) {
        transportChecksum = NONE;
        if (headers.isLaterFragment()) {
            return null;
        }
        int field = Ipv4.checksumOffset(headers.protocol());
        if (field >= 0) {
            // A fragment too short to hold the checksum is an attack on filters (RFC 1858), never a real packet.
            if (behind < field + Short.BYTES) {
                return DropReason.MALFORMED;
            }
            transportChecksum = transport + field;
            return null;
        }
        if (headers.protocol() != Ipv4.ICMP) {
            return null;
        }
        if (behind < Ipv4.ICMP_HEADER) {
            return DropReason.MALFORMED;
        }
        return Ipv4.quotes(Bytes.u8(packet, transport)) ? readQuote(packet, behind - Ipv4.ICMP_HEADER) : null;
    }

    /** A quote may end anywhere behind its IP header (RFC 792 asks for 8 bytes, RFC 1812 for more). */
    private @Nullable DropReason readQuote(MemorySegment packet, int available) {
        long at = transport + Ipv4.ICMP_HEADER;
        int headerLength = available == 0 || Bytes.u8(packet, at) >>> 4 != 4 ? 0 : headerLength(packet, at, available);
        if (headerLength == 0) {
            return DropReason.MALFORMED;
        }
        quote = at;
        int behind = available - headerLength;
        fill(quotedHeaders, packet, at, at + headerLength, behind);
        int field = Ipv4.checksumOffset(quotedHeaders.protocol());
        if (field >= 0 && !quotedHeaders.isLaterFragment() && behind >= field + Short.BYTES) {
            quotedChecksum = at + headerLength + field;
        }
        return null;
    }

    PacketHeaders headers() {
        return headers;
    }

    /** The quoted packet's headers if this is an ICMP error, else null. */
    @Nullable
    PacketHeaders quoted() {
        return quote == NONE ? null : quotedHeaders;
    }

    /** Where the packet starts in its buffer. */
    long offset() {
        return offset;
    }

    /** The packet's true length, without padding. */
    int length() {
        return length;
    }

    /** Where the transport header starts. */
    long transport() {
        return transport;
    }

    /** Where the transport checksum over the addresses stands, or {@link #NONE}. */
    long transportChecksum() {
        return transportChecksum;
    }

    /** Where the quoted IP header starts, or {@link #NONE}. */
    long quote() {
        return quote;
    }

    /** Where the quoted packet's transport checksum stands, or {@link #NONE}. */
    long quotedChecksum() {
        return quotedChecksum;
    }
}
