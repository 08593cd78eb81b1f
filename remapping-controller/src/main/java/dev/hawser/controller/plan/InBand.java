// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.condition.Verdict;
import dev.hawser.api.networking.LearnedAdvertisement;
import java.util.Optional;

/**
 * What is known of the peer's API server from asking it through the tunnel. Immutable.
 *
 * @param learned what its Advertisement for us said when it was last read and found right
 * @param reachable whether it answered as it should; empty until it was asked
 * @param credentialsExpired whether our token for it is no longer good; empty until it was looked at
 */
public record InBand(
        Optional<LearnedAdvertisement> learned, Optional<Verdict> reachable, Optional<Verdict> credentialsExpired) {
    /** What is said of a peer's API server while nothing can get there. */
    public static final Verdict NOT_CONNECTED = new Verdict.Unknown(
            "NotConnected", "no probe returns from the peer's gateway; its API server is asked as soon as they do");

    /** Nothing is known yet. */
    public static final InBand UNASKED = new InBand(Optional.empty(), Optional.empty(), Optional.empty());
}
