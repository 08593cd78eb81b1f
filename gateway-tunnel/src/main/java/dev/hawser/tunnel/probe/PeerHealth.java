// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import dev.hawser.tunnel.probe.HealthReport.State;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The health of one peer as a state machine in virtual time.
 *
 * <p>Every {@link #INTERVAL} it asks for a probe; an answer counts once, and only to a probe that is still awaited. Four
 * missing in a row end the connection. What is forged, repeated or late changes nothing. <b>Threads:</b> confined to one.
 * Times are nanoseconds of one monotonic clock.
 */
public final class PeerHealth {
    /** Nanoseconds between two probes. */
    public static final long INTERVAL = Duration.ofMillis(500).toNanos();

    /** So many missing in a row end the connection: 2 seconds. */
    public static final int MISSING_IN_A_ROW = 4;

    private static final long PATIENCE = MISSING_IN_A_ROW * INTERVAL;

    /** One minute of probes. */
    private static final int WINDOW = 120;

    /** Degraded is judged over the last ten seconds, so that it neither flaps nor lingers. */
    private static final int RECENT = 20;

    private static final int RECENT_LOSSES_THAT_DEGRADE = 4;
    private static final int STEADY = 3;
    private static final long UNANSWERED = -1;

    private final long nonce;
    private final RoundTrips roundTrips;
    private final long[] sentAt = new long[WINDOW];
    private final long[] roundTrip = new long[WINDOW];
    private long nextSequence;
    private long countedFrom;
    private long nextProbeAt;
    private boolean connected;
    private @Nullable HealthReport told;

    /**
     * Creates the health of a peer nothing is known of; the first tick probes.
     *
     * @param nonce a random number of this process
     * @param roundTrips where every answered probe is counted
     * @param now the present
     */
    public PeerHealth(long nonce, RoundTrips roundTrips, long now) {
        this.nonce = nonce;
        this.roundTrips = roundTrips;
        this.nextProbeAt = now;
    }

    /**
     * Advances time; to be called at least twice per interval.
     *
     * @return the probe to send now, if one is due
     */
    public Optional<ProbeMessage> tick(long now) {
        if (now - nextProbeAt < 0) {
            return Optional.empty();
        }
        // After a pause (a stopped process) probes do not come in a burst.
        nextProbeAt = now - nextProbeAt >= INTERVAL ? now + INTERVAL : nextProbeAt + INTERVAL;
        if (connected && missingInARow() >= MISSING_IN_A_ROW) {
            connected = false;
        }
        told = null;
        long sequence = nextSequence++;
        sentAt[slot(sequence)] = now;
        roundTrip[slot(sequence)] = UNANSWERED;
        return Optional.of(new ProbeMessage(ProbeMessage.Kind.REQUEST, nonce, sequence, now));
    }

    /**
     * Takes a reply whose tag was verified.
     *
     * @param reply the reply
     * @param now when it arrived
     * @return whether it counted
     */
    public boolean received(ProbeMessage reply, long now) {
        long sequence = reply.sequence();
        boolean known = reply.kind() == ProbeMessage.Kind.REPLY
                && reply.nonce() == nonce
                && sequence >= 0
                && sequence < nextSequence
                && nextSequence - sequence <= WINDOW;
        if (!known || roundTrip[slot(sequence)] != UNANSWERED || sentAt[slot(sequence)] != reply.sentNanos()) {
            return false;
        }
        long elapsed = now - sentAt[slot(sequence)];
        if (elapsed < 0 || elapsed > PATIENCE) {
            return false;
        }
        roundTrip[slot(sequence)] = elapsed;
        roundTrips.took(elapsed);
        told = null;
        if (!connected) {
            connected = true;
            countedFrom = sequence;
        }
        return true;
    }

    /** Whether the peer is not connected, so that a new handshake may help. */
    public boolean isLost() {
        return !connected;
    }

    /**
     * Whether nothing is lost at present: the last three probes that are older than a time are answered.
     *
     * @param patience nanoseconds in which an answer may be expected
     */
    public boolean isSteady(long patience, long now) {
        int answered = 0;
        for (long sequence = nextSequence - 1; sequence >= oldest() && answered < STEADY; sequence--) {
            if (roundTrip[slot(sequence)] != UNANSWERED) {
                answered++;
            } else if (now - sentAt[slot(sequence)] >= patience) {
                return false;
            }
        }
        return answered > 0;
    }

    /** Probes without answer since the last answered one; the window bounds it. */
    private int missingInARow() {
        int missing = 0;
        for (long sequence = nextSequence - 1; sequence >= oldest(); sequence--) {
            if (roundTrip[slot(sequence)] != UNANSWERED) {
                break;
            }
            missing++;
        }
        return missing;
    }

    /** The state and figures at a moment; between two probes and their answers they do not change. */
    public HealthReport report(long now) {
        HealthReport last = told;
        if (last == null) {
            last = figures(now);
            told = last;
        }
        return last;
    }

    private HealthReport figures(long now) {
        long[] trips = new long[WINDOW];
        int answered = 0;
        long differences = 0;
        int answeredSinceConnected = 0;
        int lost = 0;
        int lostRecently = 0;
        for (long sequence = oldest(); sequence < nextSequence; sequence++) {
            long trip = roundTrip[slot(sequence)];
            boolean counts = sequence >= countedFrom;
            if (trip != UNANSWERED) {
                differences += answered == 0 ? 0 : Math.abs(trip - trips[answered - 1]);
                trips[answered++] = trip;
                answeredSinceConnected += counts ? 1 : 0;
            } else if (counts && now - sentAt[slot(sequence)] > PATIENCE) {
                lost++;
                lostRecently += nextSequence - sequence <= RECENT ? 1 : 0;
            }
        }
        Arrays.sort(trips, 0, answered);
        int settled = answeredSinceConnected + lost;
        double loss = settled == 0 ? 0 : (double) lost / settled;
        Optional<Duration> jitter =
                answered < 2 ? Optional.empty() : Optional.of(Duration.ofNanos(differences / (answered - 1)));
        return new HealthReport(
                state(lostRecently), percentile(trips, answered, 50), percentile(trips, answered, 99), jitter, loss);
    }

    private State state(int lostRecently) {
        if (!connected) {
            return State.LOST;
        }
        return lostRecently >= RECENT_LOSSES_THAT_DEGRADE ? State.DEGRADED : State.CONNECTED;
    }

    /** Nearest rank over sorted values. */
    private static Optional<Duration> percentile(long[] sorted, int count, int percent) {
        if (count == 0) {
            return Optional.empty();
        }
        int rank = Math.ceilDiv(percent * count, 100);
        return Optional.of(Duration.ofNanos(sorted[rank - 1]));
    }

    private long oldest() {
        return Math.max(0, nextSequence - WINDOW);
    }

    private static int slot(long sequence) {
        return (int) (sequence % WINDOW);
    }
}
