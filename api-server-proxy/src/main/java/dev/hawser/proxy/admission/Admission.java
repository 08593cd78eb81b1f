// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.admission;

import dev.hawser.ipam.address.IpAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The decision who gets a place. Safe for any thread; each call is short.
 *
 * <p><b>Fairness.</b> Nobody loses a place that he has. But of the last sixteenth of the places nobody gets one who already
 * holds as many as are left. So who holds much is refused first, who holds nothing last, and among equals each ends up with
 * nearly the same: with 20 greedy sources the rest of the places divides them all within one share (the dynamic thresholds
 * of Choudhury and Hahne, which switches use for buffers). The rule holds between peers, and among the sources of each; a
 * source that is no known peer counts as four when peers compete.
 */
public final class Admission {
    /** One in so many places is kept for those who hold few. */
    private static final int RESERVED = 16;

    private static final int WEIGHT_OF_STRANGERS = 4;

    private final Tally tally = new Tally();
    private Rules rules;
    private boolean draining;

    public Admission(Rules rules) {
        this.rules = rules;
    }

    /** Replaces the rules. Who is in stays in, also where he would not get in any more. */
    public synchronized void rules(Rules newRules) {
        rules = newRules;
    }

    /** From now on nobody is admitted. */
    public synchronized void drain() {
        draining = true;
    }

    /**
     * Somebody asks for a place.
     *
     * @param nanos the time on any monotonic clock
     */
    public synchronized Verdict arrive(IpAddress address, long nanos) {
        String name = rules.sources().owner(address);
        if (name == null) {
            return new Verdict.Denied(Denial.SOURCE, Sources.OTHER, 0);
        }
        if (draining) {
            return new Verdict.Denied(Denial.DRAINING, name, 1);
        }
        Tally.Source source = tally.source(address, name, nanos);
        long early = early(source, nanos);
        if (early > 0) {
            return new Verdict.Denied(Denial.RATE, name, seconds(early));
        }
        Denial denial = denial(source);
        if (denial != null) {
            return new Verdict.Denied(denial, name, 1);
        }
        source.due = (source.due - nanos > 0 ? source.due : nanos) + interval();
        tally.take(source);
        return new Place(this, source);
    }

    /** How many places are taken. */
    public synchronized int tunnels() {
        return tally.tunnels;
    }

    /** How many sources are remembered: bounded, whatever comes. */
    public synchronized int remembered() {
        return tally.size();
    }

    synchronized boolean dial(Place place) {
        int most = rules.pendingDials();
        if (place.released || tally.dials >= most || !fair(most, tally.dials, place.source.dials)) {
            return false;
        }
        place.dialling = true;
        place.source.dials++;
        tally.dials++;
        return true;
    }

    synchronized void dialled(Place place) {
        if (place.dialling) {
            place.dialling = false;
            place.source.dials--;
            tally.dials--;
        }
    }

    synchronized void release(Place place) {
        dialled(place);
        if (!place.released) {
            place.released = true;
            tally.give(place.source);
        }
    }

    /** By how much the source comes too early for its rate; not positive where it does not. */
    private long early(Tally.Source source, long nanos) {
        // A clock value may be negative; only differences count.
        long ahead = source.due - nanos;
        return ahead - interval() * (rules.connectBurst() - 1L);
    }

    private long interval() {
        return TimeUnit.SECONDS.toNanos(1) / rules.connectsPerSecond();
    }

    private @Nullable Denial denial(Tally.Source source) {
        if (source.tunnels >= rules.tunnelsPerSource()) {
            return Denial.SOURCE_TUNNELS;
        }
        if (tally.tunnels >= rules.tunnels()) {
            return Denial.TUNNELS;
        }
        if (rules.sources().everybody()) {
            return fair(rules.tunnels(), tally.tunnels, source.tunnels) ? null : Denial.SOURCE_SHARE;
        }
        // Below what peers keep free for each other: else one source could use up its peer's part before its siblings'
        // turn.
        int most = Math.min(rules.tunnelsPerPeer(), rules.tunnels() - rules.tunnels() / RESERVED);
        if (source.peer.tunnels >= most) {
            return Denial.PEER_TUNNELS;
        }
        if (!fair(most, source.peer.tunnels, source.tunnels)) {
            return Denial.SOURCE_SHARE;
        }
        int weight = source.peer.name.equals(Sources.OTHER) ? WEIGHT_OF_STRANGERS : 1;
        return fair(rules.tunnels(), tally.tunnels, source.peer.tunnels * weight) ? null : Denial.PEER_SHARE;
    }

    private static boolean fair(int places, int taken, int held) {
        int free = places - taken;
        return free > places / RESERVED || held < free;
    }

    private static int seconds(long nanos) {
        return (int) Math.min(3600, Math.max(1, (nanos + 999_999_999L) / 1_000_000_000L));
    }
}
