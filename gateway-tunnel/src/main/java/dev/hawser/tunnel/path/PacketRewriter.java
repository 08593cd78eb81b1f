// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.route.AddressRewrite;
import dev.hawser.tunnel.route.PacketHeaders;
import dev.hawser.tunnel.route.Verdict;
import java.lang.foreign.MemorySegment;

/**
 * Carries out a verdict on a packet in its buffer: two addresses, and every checksum that covers them, by constant deltas
 * (RFC 1624).
 *
 * <p>Stateless and allocation-free.
 */
final class PacketRewriter {
    private PacketRewriter() {}

    /**
     * Rewrites in place.
     *
     * @param packet the buffer
     * @param reader positions of this very packet
     * @param verdict the rewrites
     * @param checksumPartial whether the transport checksum field holds the unfinished pseudo-header sum
     */
    static void rewrite(MemorySegment packet, PacketReader reader, Verdict verdict, boolean checksumPartial) {
        PacketHeaders quoted = reader.quoted();
        if (quoted != null) {
            rewriteQuote(packet, reader, quoted, verdict);
        }
        int delta = verdict.source().checksumDelta() + verdict.destination().checksumDelta();
        addresses(packet, reader.offset(), reader.headers(), verdict.source(), verdict.destination());
        long checksum = reader.transportChecksum();
        if (checksum != PacketReader.NONE) {
            int field = Bytes.u16(packet, checksum);
            int updated = checksumPartial
                    ? InternetChecksum.updatedPartial(field, delta)
                    : transportChecksum(reader.headers().protocol(), field, delta);
            Bytes.putU16(packet, checksum, updated);
        }
    }

    /** The addresses of one IPv4 header and its header checksum. */
    private static void addresses(
            MemorySegment packet, long at, PacketHeaders headers, AddressRewrite source, AddressRewrite destination) {
        Bytes.putU32(packet, at + Ipv4.SOURCE, source.low(headers.sourceLow()));
        Bytes.putU32(packet, at + Ipv4.DESTINATION, destination.low(headers.destinationLow()));
        int delta = source.checksumDelta() + destination.checksumDelta();
        long checksum = at + Ipv4.CHECKSUM;
        Bytes.putU16(packet, checksum, InternetChecksum.updated(Bytes.u16(packet, checksum), delta));
    }

    /**
     * Rewrites the packet an ICMP error quotes. The quoted header's own checksum absorbs the change of its addresses, so the ICMP
     * checksum only follows the quoted transport checksum.
     */
    private static void rewriteQuote(MemorySegment packet, PacketReader reader, PacketHeaders quoted, Verdict verdict) {
        addresses(packet, reader.quote(), quoted, verdict.quotedSource(), verdict.quotedDestination());
        long inner = reader.quotedChecksum();
        if (inner == PacketReader.NONE) {
            return;
        }
        int delta = verdict.quotedSource().checksumDelta()
                + verdict.quotedDestination().checksumDelta();
        int before = Bytes.u16(packet, inner);
        int after = transportChecksum(quoted.protocol(), before, delta);
        Bytes.putU16(packet, inner, after);
        long outer = reader.transport() + Ipv4.ICMP_CHECKSUM;
        int icmp = Bytes.u16(packet, outer);
        Bytes.putU16(packet, outer, InternetChecksum.updated(icmp, InternetChecksum.deltaOf(before, after)));
    }

    /** UDP's 0 means "no checksum" (RFC 768) and stays; a computed 0 is sent as 0xffff. */
    private static int transportChecksum(int protocol, int field, int delta) {
        boolean zeroMeansNone = protocol == Ipv4.UDP;
        if (zeroMeansNone && field == 0) {
            return 0;
        }
        int updated = InternetChecksum.updated(field, delta);
        return zeroMeansNone && updated == 0 ? 0xffff : updated;
    }
}
