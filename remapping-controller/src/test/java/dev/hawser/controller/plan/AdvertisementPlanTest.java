// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.AdvertisementStatus;
import dev.hawser.api.networking.Announcement;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.api.networking.SeenVersion;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AdvertisementPlanTest {
    private static final RemappedRanges REMAPS = new RemappedRanges(List.of(), List.of());
    private static final Announcement OURS = new Announcement(List.of("ours"), List.of("198.51.100.2:51820"));

    @Test
    void announcesKeysAndEndpointsOfTheGateway() {
        AdvertisementSpec spec = AdvertisementPlan.actions(Samples.fresh(Samples.bundle(null, null)), REMAPS).stream()
                .filter(Action.PutAdvertisement.class::isInstance)
                .map(action -> ((Action.PutAdvertisement) action).spec())
                .findFirst()
                .orElseThrow();

        assertThat(spec.clusterID()).isEqualTo("genoa");
        assertThat(spec.publicKeys()).isEqualTo(OURS.publicKeys());
        assertThat(spec.endpoints()).isEqualTo(OURS.endpoints());
    }

    @Test
    void saysThatItSawAVersionOnlyWhenTheGatewayWorksByIt() {
        assertThat(seenOfYou(connection(3, 2L, "theirs"))).isNull();
        assertThat(seenOfYou(connection(3, null, "theirs"))).isNull();
        assertThat(seenOfYou(connection(3, 3L))).isNull();
        assertThat(seenOfYou(connection(3, 3L, "theirs"))).isEqualTo(new SeenVersion("their-uid", 4));
    }

    @Test
    void standsByWhatItSawWhileANewVersionIsOnItsWay() {
        AdvertisementStatus before = status(new SeenVersion("their-uid", 3), null, null);

        assertThat(after(observed(connection(3, 2L, "theirs"), null), before).seenOfYou())
                .isEqualTo(new SeenVersion("their-uid", 3));
    }

    @Test
    void notesWhatThePeerAppliesWhenItAcknowledgesTheCurrentVersion() {
        AdvertisementStatus status = after(observed(Optional.empty(), new SeenVersion("our-uid", 7)), null);

        assertThat(status.acknowledged()).isEqualTo(new SeenVersion("our-uid", 7));
        assertThat(status.applied()).isEqualTo(OURS);
    }

    @Test
    void standsByWhatThePeerAppliedWhileItHasNotSeenTheCurrentVersion() {
        Announcement former = new Announcement(List.of("former"), List.of());
        AdvertisementStatus before = status(null, new SeenVersion("our-uid", 6), former);

        AdvertisementStatus status = after(observed(Optional.empty(), new SeenVersion("our-uid", 6)), before);

        assertThat(status.acknowledged()).isEqualTo(new SeenVersion("our-uid", 6));
        assertThat(status.applied()).isEqualTo(former);
    }

    @Test
    void takesNoWordAboutAnAdvertisementThatIsGone() {
        AdvertisementStatus status = after(observed(Optional.empty(), new SeenVersion("former-uid", 7)), null);

        assertThat(status.acknowledged()).isNull();
        assertThat(status.applied()).isNull();
    }

    @Test
    void writesNoStatusThatSaysNothingNew() {
        AdvertisementStatus before = status(new SeenVersion("their-uid", 3), null, null);

        assertThat(written(observed(connection(3, 2L, "theirs"), null), before)).isEmpty();
        assertThat(written(observed(Optional.empty(), null), null)).isEmpty();
    }

    private static @Nullable SeenVersion seenOfYou(Optional<Seen<ConnectionSpec, ConnectionStatus>> connection) {
        return after(observed(connection, null), null).seenOfYou();
    }

    /** The status of our seventh version after one round. */
    private static AdvertisementStatus after(PeeringObserved seen, @Nullable AdvertisementStatus before) {
        AdvertisementStatus stands =
                before == null ? new AdvertisementStatus(null, null, null, List.of(), null) : before;
        return written(seen, before).orElse(stands);
    }

    /** What one round writes. */
    private static Optional<AdvertisementStatus> written(PeeringObserved seen, @Nullable AdvertisementStatus before) {
        AdvertisementSpec spec = new AdvertisementSpec(
                "genoa",
                OURS.publicKeys(),
                OURS.endpoints(),
                List.of(),
                List.of(),
                null,
                List.of(),
                REMAPS,
                null,
                "0.1.0");
        PeeringObserved advertised = Samples.with(seen, new Seen<>("our-uid", 7, spec, before));
        return AdvertisementPlan.actions(advertised, REMAPS).stream()
                .filter(Action.PutAdvertisementStatus.class::isInstance)
                .map(action -> ((Action.PutAdvertisementStatus) action).status())
                .findFirst();
    }

    private static PeeringObserved observed(
            Optional<Seen<ConnectionSpec, ConnectionStatus>> connection, @Nullable SeenVersion seenOfUs) {
        LearnedAdvertisement learned = new LearnedAdvertisement(
                "their-uid", 4, List.of("theirs"), List.of(), List.of(), null, null, seenOfUs, null, List.of());
        return Samples.with(
                Samples.fresh(Samples.bundle(null, null)),
                Map.of(),
                connection,
                new InBand(Optional.of(learned), Optional.empty(), Optional.empty()),
                null);
    }

    private static Optional<Seen<ConnectionSpec, ConnectionStatus>> connection(
            long generation, @Nullable Long applied, String... keys) {
        ConnectionSpec spec = new ConnectionSpec(Samples.PEER, List.of(keys), List.of(), null, null);
        return Optional.of(
                new Seen<>("connection-uid", generation, spec, applied == null ? null : Samples.connected(applied)));
    }

    private static AdvertisementStatus status(
            @Nullable SeenVersion seenOfYou, @Nullable SeenVersion acknowledged, @Nullable Announcement applied) {
        return new AdvertisementStatus(seenOfYou, acknowledged, applied, List.of(), 6L);
    }
}
