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
public final class PacketRewriter {
    private PacketRewriter() {}

    /**
     * Rewrites in place.
     *
     * @param packet the buffer
     * @param reader positions of this very packet
     * @param verdict the rewrites
     * @param checksumPartial whether the transport checksum field holds the unfinished pseudo-header sum
     */
    public static void rewrite(MemorySegment packet, PacketReader reader, Verdict verdict, boolean checksumPartial) {
        AddressRewrite source = verdict.source();
        AddressRewrite destination = verdict.destination();
        boolean ipv6 = reader.isIpv6();
        PacketHeaders headers = reader.headers();
        int delta = source.checksumDelta() + destination.checksumDelta();
        addresses(packet, reader.offset(), headers, ipv6, source, destination, delta);
        PacketHeaders quoted = reader.quoted();
        if (quoted != null) {
            error(packet, reader, quoted, verdict, ipv6 ? delta : 0);
            return;
        }
        long checksum = reader.transportChecksum();
        if (checksum != PacketReader.NONE) {
            int field = Bytes.u16(packet, checksum);
            int updated = checksumPartial
                    ? InternetChecksum.updatedPartial(field, delta)
                    : transportChecksum(headers.protocol(), field, delta);
            Bytes.putU16(packet, checksum, updated);
        }
    }

    /** The addresses of one IP header, and its own checksum where it has one. */
    private static void addresses(
            MemorySegment packet,
            long at,
            PacketHeaders headers,
            boolean ipv6,
            AddressRewrite source,
            AddressRewrite destination,
            int delta) {
        if (ipv6) {
            Bytes.putU64(packet, at + Ipv6.SOURCE, source.high(headers.sourceHigh()));
            Bytes.putU64(packet, at + Ipv6.SOURCE + Long.BYTES, source.low(headers.sourceLow()));
            Bytes.putU64(packet, at + Ipv6.DESTINATION, destination.high(headers.destinationHigh()));
            Bytes.putU64(packet, at + Ipv6.DESTINATION + Long.BYTES, destination.low(headers.destinationLow()));
            return;
        }
        long both = source.low(headers.sourceLow()) << 32 | destination.low(headers.destinationLow());
        Bytes.putU64(packet, at + Ipv4.SOURCE, both);
        long checksum = at + Ipv4.CHECKSUM;
        Bytes.putU16(packet, checksum, InternetChecksum.updated(Bytes.u16(packet, checksum), delta));
    }

    /**
     * An ICMP error: the packet it quotes, then the checksum over both. A quoted IPv4 header's own checksum absorbs the change of its
     * addresses; a quoted IPv6 header has none, so the error's checksum follows those addresses as well.
     *
     * @param outer what the error's own addresses change in its checksum: nothing for ICMP, they do not count there
     */
    private static void error(
            MemorySegment packet, PacketReader reader, PacketHeaders quoted, Verdict verdict, int outer) {
        boolean ipv6 = reader.isIpv6();
        AddressRewrite source = verdict.quotedSource();
        AddressRewrite destination = verdict.quotedDestination();
        int inner = source.checksumDelta() + destination.checksumDelta();
        addresses(packet, reader.quote(), quoted, ipv6, source, destination, inner);
        int change = ipv6 ? outer + inner : 0;
        long quotedChecksum = reader.quotedChecksum();
        if (quotedChecksum != PacketReader.NONE) {
            int before = Bytes.u16(packet, quotedChecksum);
            int after = transportChecksum(quoted.protocol(), before, inner);
            Bytes.putU16(packet, quotedChecksum, after);
            change += InternetChecksum.deltaOf(before, after);
        }
        long checksum = reader.transport() + IpProtocol.ICMP_CHECKSUM;
        Bytes.putU16(packet, checksum, InternetChecksum.updated(Bytes.u16(packet, checksum), change));
    }

    /** A UDP checksum of 0 means "none" and stays (RFC 768, for IPv6 RFC 6936). */
    private static int transportChecksum(int protocol, int field, int delta) {
        if (field == 0 && protocol == IpProtocol.UDP) {
            return 0;
        }
        int updated = InternetChecksum.updated(field, delta);
        return updated == 0 && IpProtocol.sendsZeroAsOnes(protocol) ? 0xffff : updated;
    }
}
