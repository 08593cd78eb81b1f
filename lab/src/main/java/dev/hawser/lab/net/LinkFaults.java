// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import java.time.Duration;

/**
 * What one direction of a {@link FaultLink} does to what passes. Shares are from 0 to 1 and of frames. A value.
 *
 * @param loss share that is lost
 * @param duplicates share that arrives twice
 * @param reordered share that is overtaken by the frames of the next 20 ms
 * @param corrupted share in which one bit of the payload is another; a UDP checksum is taken off, so that it is delivered
 * @param delay how long every frame takes
 * @param jitter by how much that varies at most, without a change of order
 * @param largest the longest IP packet that passes; longer ones vanish without a word; 0 for any
 */
public record LinkFaults(
        double loss,
        double duplicates,
        double reordered,
        double corrupted,
        Duration delay,
        Duration jitter,
        int largest) {
    /** A good wire. */
    public static final LinkFaults NONE = new LinkFaults(0, 0, 0, 0, Duration.ZERO, Duration.ZERO, 0);

    /** A wire that is cut. */
    public static final LinkFaults CUT = NONE.losing(1);

    public LinkFaults losing(double share) {
        return new LinkFaults(share, duplicates, reordered, corrupted, delay, jitter, largest);
    }

    public LinkFaults duplicating(double share) {
        return new LinkFaults(loss, share, reordered, corrupted, delay, jitter, largest);
    }

    public LinkFaults reordering(double share) {
        return new LinkFaults(loss, duplicates, share, corrupted, delay, jitter, largest);
    }

    public LinkFaults corrupting(double share) {
        return new LinkFaults(loss, duplicates, reordered, share, delay, jitter, largest);
    }

    public LinkFaults delaying(Duration time, Duration variation) {
        return new LinkFaults(loss, duplicates, reordered, corrupted, time, variation, largest);
    }

    public LinkFaults swallowingAbove(int bytes) {
        return new LinkFaults(loss, duplicates, reordered, corrupted, delay, jitter, bytes);
    }
}
