// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.networking.AdvertisementSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When an Advertisement may be written. Each lists all exposures; while hundreds of IPs come one after the other, as many
 * versions for each of tens of peers would keep the API server from everything else. So a list of exposures that has
 * changed waits a moment for further changes, longer the more peers there are; whatever else has changed is written at
 * once. What waits is written when its Peering is looked at again, within seconds. Safe for any thread.
 */
final class AdvertisementPace {
    private static final Duration SHORTEST = Duration.ofMillis(300);
    /** So that all peers together are told five times a second. */
    private static final Duration FOR_EACH_PEER = Duration.ofMillis(200);

    /** While Peerings are created there are more than the view shows. */
    private static final int SPARE = 64;

    private final Map<String, Long> written = new ConcurrentHashMap<>();

    /**
     * Whether to write now; if so, this is noted.
     *
     * @param stands what is there, if anything
     * @param peers how many there are
     * @param nanos now, on any clock that does not jump
     */
    boolean admits(String peerID, Optional<AdvertisementSpec> stands, AdvertisementSpec wanted, int peers, long nanos) {
        Long last = written.get(peerID);
        long wait = Math.max(SHORTEST.toNanos(), FOR_EACH_PEER.toNanos() * peers);
        boolean urgent = stands.map(old -> !with(old, wanted).equals(wanted)).orElse(true);
        if (!urgent && last != null && nanos - last < wait) {
            return false;
        }
        if (written.size() > 2 * peers + SPARE) {
            // Peers that are gone; whoever is forgotten wrongly is told at once, which harms nobody.
            written.clear();
        }
        written.put(peerID, nanos);
        return true;
    }

    private static AdvertisementSpec with(AdvertisementSpec old, AdvertisementSpec exposing) {
        return new AdvertisementSpec(
                old.clusterID(),
                old.publicKeys(),
                old.endpoints(),
                old.podCIDRs(),
                old.externalCIDRs(),
                old.proxy(),
                exposing.exposures(),
                old.remapOfYou(),
                old.leaving(),
                old.version());
    }
}
