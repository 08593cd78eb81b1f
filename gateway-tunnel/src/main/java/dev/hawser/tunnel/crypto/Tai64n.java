// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A TAI64N label: the time stamp by which a responder tells a fresh initiation from a replayed one.
 *
 * @param seconds the 64-bit label of the second (2^62 plus TAI seconds since 1970)
 * @param nanos nanoseconds within it, 0 to 999,999,999
 */
public record Tai64n(long seconds, int nanos) implements Comparable<Tai64n> {
    /** Length on the wire in bytes. */
    public static final int LENGTH = 12;

    // Ten leap seconds separated TAI from UTC in 1970; WireGuard ignores the later ones, and only the order matters.
    private static final long BASE = 0x4000_0000_0000_000AL;

    // The low bits of the clock would tell an observer more about this machine than the protocol needs.
    private static final int GRANULE_NANOS = 1 << 24;

    private static final int SECOND_NANOS = 1_000_000_000;

    /** Checks the nanoseconds. */
    public Tai64n {
        if (nanos < 0 || nanos >= SECOND_NANOS) {
            throw new IllegalArgumentException("TAI64N label has " + nanos + " ns; use 0 to 999999999");
        }
    }

    /**
     * The label for a moment, and always one greater than the last: a clock that was stepped back must not make this gateway's
     * initiations look replayed to its peers.
     *
     * @param now the moment
     * @param last the greatest label ever sent with this identity, if one is known
     */
    public static Tai64n next(Instant now, @Nullable Tai64n last) {
        Tai64n label = new Tai64n(BASE + now.getEpochSecond(), now.getNano() & -GRANULE_NANOS);
        return last == null || label.compareTo(last) > 0 ? label : last.successor();
    }

    /** A label from its 12 bytes; nanoseconds out of range are clamped, since only the order is of interest. */
    public static Tai64n parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        long seconds = buffer.getLong();
        long nanos = Integer.toUnsignedLong(buffer.getInt());
        return new Tai64n(seconds, (int) Math.min(nanos, SECOND_NANOS - 1));
    }

    /** The label some whole seconds later. */
    public Tai64n plusSeconds(long later) {
        return new Tai64n(seconds + later, nanos);
    }

    /** The 12 bytes of the wire, big-endian, so that they sort as the labels do. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(LENGTH).putLong(seconds).putInt(nanos).array();
    }

    @Override
    public int compareTo(Tai64n other) {
        return Comparator.<Tai64n>comparingLong(label -> label.seconds ^ Long.MIN_VALUE)
                .thenComparingInt(Tai64n::nanos)
                .compare(this, other);
    }

    private Tai64n successor() {
        int next = (nanos & -GRANULE_NANOS) + GRANULE_NANOS;
        return next < SECOND_NANOS ? new Tai64n(seconds, next) : new Tai64n(seconds + 1, 0);
    }
}
