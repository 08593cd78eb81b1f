// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The largest packet that reaches a peer in one piece, found without any help of the network in between: packetization layer
 * path MTU discovery (RFC 8899) as a state machine in virtual time.
 *
 * <p>A size is known to pass when a probe of that size was answered, and taken not to pass when three were not. First the
 * largest is tried alone, which mostly is the end of it; then many at once, a step of 64 and then of 16 bytes apart. What was
 * found is confirmed every two seconds, since a path that swallows what is too large says nothing when it changes, and larger
 * ones are tried again every minute. Sizes are multiples of 16, as WireGuard pads, or the largest itself.
 *
 * <pre>
 *   search(all) --some answered--> search(between the best and the next) --> settled
 *        '------ none answered --> settled, nothing known                      |  a minute: search(all larger)
 *   search(all) <------------------ three confirmations in a row missing ------'
 * </pre>
 *
 * <p><b>Threads:</b> confined to one. Times are nanoseconds of one monotonic clock.
 */
public final class PathMtuSearch {
    /** The smallest size that is tried: every IPv4 host takes as much (RFC 791). */
    public static final int SMALLEST = 576;

    /** Nanoseconds between two confirmations of what was found. */
    static final long CONFIRM = Duration.ofSeconds(2).toNanos();

    /** Nanoseconds after which larger sizes are tried again. */
    static final long RAISE = Duration.ofMinutes(1).toNanos();

    /** Nanoseconds until all is tried again when nothing was answered: the path was away, or the peer knows no sizes. */
    static final long AGAIN = Duration.ofSeconds(5).toNanos();

    private static final int COARSE = 64;
    private static final int FINE = 16;
    private static final int MOST_AT_ONCE = 16;
    private static final int TRIES = 3;

    private final long nonce;
    private final int largest;
    /** Sizes of the present round that have not been answered, those that are larger than any answered one. */
    private final NavigableSet<Integer> open = new TreeSet<>();

    private final Map<Long, Integer> awaited = new HashMap<>();
    private long nextSequence;
    private boolean searching = true;
    private boolean alone = true;
    private int tried;
    private long nextAt;
    private long raiseAt;
    /** The largest size answered in this search, 0 for none. */
    private int passed;
    /** The smallest size of this search that did not pass. */
    private int refused;

    private int mtu;
    private boolean known;

    /**
     * Begins a search.
     *
     * @param nonce a random number of this process
     * @param largest the largest packet that the tunnel's device takes
     * @param now the present
     */
    public PathMtuSearch(long nonce, int largest, long now) {
        this.nonce = nonce;
        this.largest = largest;
        this.mtu = largest;
        restart(now);
    }

    /** The size to use: the largest until something smaller turns out to be right. */
    public int mtu() {
        return mtu;
    }

    /** What was found; empty until the first search has ended, and while no size at all is answered. */
    public OptionalInt found() {
        return known ? OptionalInt.of(mtu) : OptionalInt.empty();
    }

    /** Begins anew, because the path may be another one; the size in use stays until more is known. */
    public void restart(long now) {
        alone = true;
        search(ladder(SMALLEST - 1, largest + 1), now);
        passed = 0;
        refused = largest + 1;
    }

    private void search(NavigableSet<Integer> sizes, long now) {
        searching = true;
        tried = 0;
        nextAt = now;
        open.clear();
        open.addAll(sizes);
        awaited.clear();
    }

    /** Sizes strictly between two others, few enough to be sent at once. */
    private NavigableSet<Integer> ladder(int above, int below) {
        NavigableSet<Integer> sizes = new TreeSet<>();
        if (largest < below) {
            sizes.add(largest);
        }
        if (above < SMALLEST) {
            sizes.add(SMALLEST);
        }
        int step = below - above < MOST_AT_ONCE * FINE ? FINE : COARSE;
        while ((below - above) / step >= MOST_AT_ONCE) {
            step += COARSE;
        }
        for (int size = Math.ceilDiv(above + 1, step) * step; size < Math.min(below, largest); size += step) {
            sizes.add(size);
        }
        return sizes;
    }

    /** Whether {@link #tick} has anything to do. */
    public boolean isDue(long now) {
        return now - nextAt >= 0;
    }

    /**
     * Advances time; to be called about ten times a second while small probes return and there is a session.
     *
     * @param patience nanoseconds in which an answer may be expected
     * @param steady whether small probes of the same time return: else what is missing may be so for the same reason as those,
     *     and says nothing about its size
     * @return the probes to send now, each in a packet of its size that must not be fragmented
     */
    public List<ProbeMessage> tick(long patience, boolean steady, long now) {
        if (now - nextAt < 0) {
            return List.of();
        }
        advance(steady, now);
        if (now - nextAt < 0) {
            return List.of();
        }
        nextAt = now + patience;
        tried++;
        List<ProbeMessage> probes = new ArrayList<>();
        for (int size : sizesToTry()) {
            long sequence = nextSequence++;
            awaited.put(sequence, size);
            probes.add(new ProbeMessage(ProbeMessage.Kind.SIZE_REQUEST, nonce, sequence, now, size));
        }
        return probes;
    }

    /** Draws the conclusion from three tries, where there is one to draw. */
    private void advance(boolean steady, long now) {
        if (tried == TRIES && !steady && (searching || known)) {
            // The tries do not count; again later, so as not to add to the congestion.
            alone = false;
            tried = searching ? 1 : 0;
            awaited.clear();
            nextAt = now + CONFIRM;
            return;
        }
        if (searching && (tried == TRIES || open.isEmpty())) {
            decide(now);
        }
        if (searching) {
            return;
        }
        if (tried == TRIES) {
            // What was known to pass does not any more.
            restart(now);
            alone = false;
            tried = 1;
        } else if (now - raiseAt >= 0 && mtu < largest) {
            passed = mtu;
            refused = largest + 1;
            search(ladder(mtu, largest + 1), now);
        }
    }

    private List<Integer> sizesToTry() {
        if (!searching) {
            return List.of(mtu);
        }
        return alone && tried == 1 ? List.of(open.last()) : List.copyOf(open.descendingSet());
    }

    /** Ends a round. */
    private void decide(long now) {
        awaited.clear();
        if (passed == 0) {
            known = false;
            settle(now);
            return;
        }
        known = true;
        mtu = passed;
        refused = open.isEmpty() ? refused : Math.min(refused, open.first());
        NavigableSet<Integer> between = ladder(passed, refused);
        if (passed == largest || between.isEmpty()) {
            settle(now);
        } else {
            alone = false;
            search(between, now);
        }
    }

    private void settle(long now) {
        searching = false;
        tried = 0;
        open.clear();
        awaited.clear();
        nextAt = known ? now + CONFIRM : now + AGAIN;
        raiseAt = now + RAISE;
        if (!known) {
            tried = TRIES;
        }
    }

    /** Takes note that a packet of this size cannot even leave this host in one piece. */
    public void cannotLeave(ProbeMessage probe) {
        if (searching && awaited.remove(probe.sequence()) != null && open.remove(probe.size())) {
            refused = Math.min(refused, probe.size());
        }
    }

    /**
     * Takes an answer whose tag was verified.
     *
     * @return whether it counted
     */
    public boolean received(ProbeMessage reply, long now) {
        Integer size = reply.kind() == ProbeMessage.Kind.SIZE_REPLY && reply.nonce() == nonce
                ? awaited.get(reply.sequence())
                : null;
        if (size == null || size != reply.size()) {
            return false;
        }
        awaited.remove(reply.sequence());
        if (!searching) {
            tried = 0;
            nextAt = now + CONFIRM;
            awaited.clear();
            return true;
        }
        open.headSet(size, true).clear();
        passed = Math.max(passed, size);
        if (open.isEmpty()) {
            decide(now);
        }
        return true;
    }
}
