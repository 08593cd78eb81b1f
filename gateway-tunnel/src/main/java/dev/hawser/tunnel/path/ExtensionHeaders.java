// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.route.DropReason;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Walks from an IPv6 header over its extension headers to the transport (RFC 8200, section 4), a bounded number of them.
 *
 * <p>Known are hop-by-hop options, destination options, routing and fragment headers. All else ends the walk as a transport:
 * authentication headers too, for what they protect does not survive a translation. Mutable and reused so that nothing is
 * allocated per packet; confined to one thread.
 */
final class ExtensionHeaders {
    /** The RFC names one of each and a second set of destination options; more has no honest use. */
    private static final int LIMIT = 6;

    private static final int HOP_BY_HOP = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;

    private static final int LENGTH = 1;
    private static final int UNIT = 8;
    private static final int ROUTING_TYPE = 2;
    private static final int SEGMENTS_LEFT = 3;
    private static final int FRAGMENT_OFFSET = 2;
    private static final int FRAGMENT_OFFSET_MASK = 0xfff8;

    private int protocol;
    private long transport;
    private boolean laterFragment;
    private boolean fragment;
    private boolean whole;

    /**
     * Walks.
     *
     * @param packet the buffer
     * @param at where the IPv6 header starts
     * @param end where the packet ends, or the part of it that is there
     * @return why the packet must be dropped, or null; a walk that meets the end is no reason yet, see {@link #isWhole}
     */
    @Nullable
    DropReason walk(MemorySegment packet, long at, long end) {
        protocol = Bytes.u8(packet, at + Ipv6.NEXT_HEADER);
        transport = at + Ipv6.HEADER;
        laterFragment = false;
        fragment = false;
        whole = true;
        for (int count = 0; isExtension(protocol); count++) {
            if (count == LIMIT || (protocol == HOP_BY_HOP && count > 0)) {
                return DropReason.MALFORMED;
            }
            if (transport + UNIT > end) {
                whole = false;
                return null;
            }
            DropReason reason = step(packet);
            if (reason != null || laterFragment) {
                return reason;
            }
        }
        whole = transport <= end;
        return null;
    }

    private @Nullable DropReason step(MemorySegment packet) {
        long length = UNIT;
        if (protocol == FRAGMENT) {
            if (fragment) {
                return DropReason.MALFORMED;
            }
            fragment = true;
            laterFragment = (Bytes.u16(packet, transport + FRAGMENT_OFFSET) & FRAGMENT_OFFSET_MASK) != 0;
        } else {
            length += (long) Bytes.u8(packet, transport + LENGTH) * UNIT;
        }
        // The address to visit next is not the one that was checked, and is a name of the sender's side. Type 0 is dead
        // (RFC 5095).
        if (protocol == ROUTING
                && (Bytes.u8(packet, transport + ROUTING_TYPE) == 0
                        || Bytes.u8(packet, transport + SEGMENTS_LEFT) != 0)) {
            return DropReason.SOURCE_ROUTED;
        }
        protocol = Bytes.u8(packet, transport);
        transport += length;
        return null;
    }

    /** Whether a header of this number has another one behind it. */
    static boolean isExtension(int number) {
        return switch (number) {
            case HOP_BY_HOP, ROUTING, FRAGMENT, DESTINATION_OPTIONS -> true;
            default -> false;
        };
    }

    /** The protocol of the transport; of a later fragment, what the fragment header names. */
    int protocol() {
        return protocol;
    }

    /** Where the transport starts. */
    long transport() {
        return transport;
    }

    /** Whether this is a fragment without the transport header. */
    boolean isLaterFragment() {
        return laterFragment;
    }

    /** Whether the walk reached the transport before the end. */
    boolean isWhole() {
        return whole;
    }
}
