// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.AdvertisementStatus;
import dev.hawser.api.networking.Announcement;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.api.networking.SeenVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a peer is told, which version of its own words we work by, and which of ours it does. Pure.
 *
 * <p>The order of make before break: we announce; the peer's controller copies it into its Connection; its gateway applies
 * that generation; its controller says so in {@code seenOfYou}; ours notes which keys and endpoints that were. Only what
 * every peer applies in this sense may be relied on alone ({@link GatewayPlan#acknowledged}).
 */
final class AdvertisementPlan {
    private static final AdvertisementStatus UNSEEN = new AdvertisementStatus(null, null, null, List.of(), null);

    private AdvertisementPlan() {}

    /**
     * What to do about the Advertisement for a peer.
     *
     * @param remaps how its ranges are named here
     */
    static List<Action> actions(PeeringObserved seen, RemappedRanges remaps) {
        List<Action> actions = new ArrayList<>();
        AdvertisementSpec wanted = spec(seen, remaps);
        Optional<Seen<AdvertisementSpec, AdvertisementStatus>> is = seen.advertisement();
        if (is.isEmpty() || !is.get().spec().equals(wanted)) {
            actions.add(new Action.PutAdvertisement(wanted));
        }
        is.ifPresent(advertisement -> {
            AdvertisementStatus status = status(seen, advertisement);
            if (!says(status).equals(says(advertisement.status()))) {
                actions.add(new Action.PutAdvertisementStatus(status));
            }
        });
        return actions;
    }

    /** All but the generation: a list of hundreds of exposures is not written again to say that it was written. */
    private static AdvertisementStatus says(@Nullable AdvertisementStatus status) {
        return status == null
                ? UNSEEN
                : new AdvertisementStatus(
                        status.seenOfYou(), status.acknowledged(), status.applied(), status.conditions(), null);
    }

    private static AdvertisementSpec spec(PeeringObserved seen, RemappedRanges remaps) {
        OwnCluster own = seen.own();
        return new AdvertisementSpec(
                own.clusterID(),
                own.publicKeys(),
                own.endpoints(),
                OwnCluster.texts(own.podCidrs()),
                OwnCluster.texts(own.externalCidrs()),
                seen.ownProxy().orElse(null),
                seen.exposures(),
                remaps,
                null,
                seen.version());
    }

    private static AdvertisementStatus status(
            PeeringObserved seen, Seen<AdvertisementSpec, AdvertisementStatus> advertisement) {
        AdvertisementStatus old = Optional.ofNullable(advertisement.status()).orElse(UNSEEN);
        // Of an Advertisement that was deleted and made again the peer speaks once it has seen the new one.
        Optional<SeenVersion> acknowledged = seen.learned()
                .map(LearnedAdvertisement::seenOfUs)
                .filter(version -> version.uid().equals(advertisement.uid()));
        boolean current = acknowledged
                .filter(version -> version.generation() == advertisement.generation())
                .isPresent();
        return new AdvertisementStatus(
                applied(seen).orElse(old.seenOfYou()),
                acknowledged.orElse(old.acknowledged()),
                current
                        ? new Announcement(
                                advertisement.spec().publicKeys(),
                                advertisement.spec().endpoints())
                        : old.applied(),
                old.conditions(),
                advertisement.generation());
    }

    /** The version of the peer's Advertisement that our data path works by, if that is the one that we know. */
    private static Optional<SeenVersion> applied(PeeringObserved seen) {
        return seen.learned()
                .filter(learned -> seen.connection()
                        .filter(connection -> carries(connection, learned))
                        .isPresent())
                .map(learned -> new SeenVersion(learned.uid(), learned.generation()));
    }

    private static boolean carries(Seen<ConnectionSpec, ConnectionStatus> connection, LearnedAdvertisement learned) {
        Long applied = connection.status() == null ? null : connection.status().observedGeneration();
        return applied != null
                && applied >= connection.generation()
                && connection.spec().publicKeys().containsAll(learned.publicKeys())
                && connection.spec().endpoints().containsAll(learned.endpoints());
    }
}
