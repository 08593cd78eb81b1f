// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.networking.ConfigurationSpec;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.FormerRange;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Owner;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A peer whose true ranges change, from round to round, in virtual time. */
class RangeChangeTest {
    private static final String OLD = "10.200.0.0/16";
    private static final String NEW = "10.210.0.0/16";
    private static final String NAME = "10.71.0.0/16";

    private final Map<String, Seen<NetworkSpec, NetworkStatus>> networks = new HashMap<>();
    private final Map<Owner, Cidr> granted = new HashMap<>();
    private final AtomicLong nextBlock = new AtomicLong(71);
    private Optional<Seen<ConfigurationSpec, ConfigurationStatus>> configuration = Optional.empty();
    private Instant now = Samples.NOW;

    @BeforeEach
    void peer() {
        settle(ranges(OLD, "10.70.0.0/16"));
        assertThat(pods()).containsExactly(new RemappedRange(OLD, NAME));
    }

    @Test
    void keepsTheNameAndServesBothRangesForAWhile() {
        settle(ranges(NEW, "10.70.0.0/16"));

        assertThat(pods()).containsExactly(new RemappedRange(NEW, NAME), new RemappedRange(OLD, NAME));
        assertThat(status().formerRanges()).containsExactly(new FormerRange(OLD, "2026-03-01T12:10:00Z"));
        assertThat(status().remappedPodCIDRs()).containsExactly(NAME);
        assertThat(networks).hasSize(2);

        later(Duration.ofMinutes(9), ranges(NEW, "10.70.0.0/16"));
        assertThat(pods()).hasSize(2);
        later(Duration.ofMinutes(1), ranges(NEW, "10.70.0.0/16"));
        assertThat(pods()).containsExactly(new RemappedRange(NEW, NAME));
        assertThat(status().formerRanges()).isEmpty();
    }

    @Test
    void goesOnAfterTheConfigurationWasDeleted() {
        settle(ranges(NEW, "10.70.0.0/16"));

        configuration = Optional.empty();
        settle(ranges(NEW, "10.70.0.0/16"));

        assertThat(pods()).containsExactly(new RemappedRange(NEW, NAME));
    }

    @Test
    void givesTheNameBackAfterTheNetworkWasDeleted() {
        settle(ranges(NEW, "10.70.0.0/16"));

        networks.remove("3rd-lisbon-pod-10.200.0.0-16");
        settle(ranges(NEW, "10.70.0.0/16"));

        assertThat(pods()).contains(new RemappedRange(NEW, NAME));
        assertThat(networks).containsOnlyKeys("3rd-lisbon-pod-10.200.0.0-16", "3rd-lisbon-external-10.70.0.0-16");
    }

    @Test
    void servesTheRangeAgainThatItWasLeaving() {
        settle(ranges(NEW, "10.70.0.0/16"));
        later(Duration.ofMinutes(5), ranges(OLD, "10.70.0.0/16"));

        assertThat(pods()).containsExactly(new RemappedRange(OLD, NAME), new RemappedRange(NEW, NAME));
        assertThat(status().formerRanges()).containsExactly(new FormerRange(NEW, "2026-03-01T12:15:00Z"));
    }

    @Test
    void servesEveryRangeThatWasLeftOfLate() {
        settle(ranges(NEW, "10.70.0.0/16"));
        later(Duration.ofMinutes(5), ranges("10.220.0.0/16", "10.70.0.0/16"));

        assertThat(pods())
                .containsExactly(
                        new RemappedRange("10.220.0.0/16", NAME),
                        new RemappedRange(OLD, NAME),
                        new RemappedRange(NEW, NAME));
        later(Duration.ofMinutes(5), ranges("10.220.0.0/16", "10.70.0.0/16"));
        assertThat(pods()).hasSize(2).doesNotContain(new RemappedRange(OLD, NAME));
    }

    @Test
    void givesARangeOfAnotherLengthAnotherNameAndServesTheOldOneForAWhile() {
        settle(ranges("10.210.0.0/20", "10.70.0.0/16"));

        assertThat(pods()).hasSize(2).contains(new RemappedRange(OLD, NAME));
        assertThat(pods().getFirst().remapped()).isNotEqualTo(NAME);
        assertThat(needed("3rd-lisbon-pod-10.200.0.0-16", ranges("10.210.0.0/20", "10.70.0.0/16")))
                .isTrue();

        later(Duration.ofMinutes(10), ranges("10.210.0.0/20", "10.70.0.0/16"));
        assertThat(pods()).hasSize(1);
        assertThat(needed("3rd-lisbon-pod-10.200.0.0-16", ranges("10.210.0.0/20", "10.70.0.0/16")))
                .isFalse();
        assertThat(needed("3rd-lisbon-pod-10.210.0.0-20", ranges("10.210.0.0/20", "10.70.0.0/16")))
                .isTrue();
    }

    @Test
    void doesNotServeTwoRangesOfWhichOneHoldsTheOther() {
        settle(ranges("10.200.16.0/20", "10.70.0.0/16"));

        assertThat(pods()).extracting(RemappedRange::cidr).containsExactly("10.200.16.0/20");
    }

    @Test
    void takesAwayAtOnceWhatNothingReplaces() {
        PeeringSpec two = ranges(List.of(OLD, NEW), List.of("10.70.0.0/16"));
        settle(two);
        assertThat(pods()).hasSize(2);

        settle(ranges(OLD, "10.70.0.0/16"));

        assertThat(pods()).containsExactly(new RemappedRange(OLD, NAME));
    }

    @Test
    void readsPastWhatAHandWroteIntoTheStatus() {
        settle(ranges(NEW, "10.70.0.0/16"));
        ConfigurationStatus right = status();
        configuration = configuration.map(is -> new Seen<>(
                "c",
                1,
                is.spec(),
                new ConfigurationStatus(
                        new RemappedRanges(
                                List.of(
                                        new RemappedRange("nonsense", NAME),
                                        new RemappedRange("10.9.0.0/16", "10.8.0.0/16"),
                                        new RemappedRange("10.7.0.0/16", NAME),
                                        new RemappedRange(OLD, NAME)),
                                List.of()),
                        List.of(
                                new FormerRange(OLD, "2999-01-01T00:00:00Z"),
                                new FormerRange("10.7.0.0/16", "tomorrow")),
                        List.of(),
                        List.of(),
                        right.conditions(),
                        1L)));

        settle(ranges(NEW, "10.70.0.0/16"));

        assertThat(status()).isEqualTo(right);
    }

    @Test
    void dialsTheProxyWhereThePeerStillTellsItsFormerAddress() {
        settle(ranges(OLD, "10.72.0.0/16"));

        assertThat(PeeringPlan.apiServer(seen(ranges(OLD, "10.72.0.0/16"))))
                .contains(new ProxyAddress("10.72.0.2", 8118));
    }

    private void later(Duration time, PeeringSpec spec) {
        now = now.plus(time);
        settle(spec);
    }

    /** Does what is to be done until nothing is; every round sees what the one before wrote. */
    private void settle(PeeringSpec spec) {
        for (int round = 0; round < 4; round++) {
            PeeringPlan.actions(seen(spec), now).forEach(this::act);
        }
        assertThat(PeeringPlan.actions(seen(spec), now))
                .doesNotHaveAnyElementsOfTypes(
                        Action.ClaimNetwork.class, Action.PutConfiguration.class, Action.PutConfigurationStatus.class);
    }

    private void act(Action action) {
        switch (action) {
            case Action.ClaimNetwork(String name, NetworkSpec spec) -> networks.put(name, grant(spec));
            case Action.PutConfiguration put ->
                configuration = Optional.of(new Seen<>(
                        "c", 1, put.spec(), configuration.map(Seen::status).orElse(null)));
            case Action.PutConfigurationStatus put ->
                configuration = configuration.map(is -> new Seen<>("c", 1, is.spec(), put.status()));
            default -> {}
        }
    }

    /** As the ledger does it: one block for each owner, for ever. */
    private Seen<NetworkSpec, NetworkStatus> grant(NetworkSpec spec) {
        Owner owner = BlockPlan.owner(Objects.requireNonNull(spec.owner()));
        Cidr block = granted.computeIfAbsent(
                owner,
                _ -> Cidr.parse("10." + nextBlock.getAndIncrement() + ".0.0/"
                        + owner.cidr().prefixLength()));
        var ready = Conditions.of(List.of())
                .with("Ready", new Verdict.Holds("Granted", ""), 1, Samples.NOW)
                .toList();
        return new Seen<>(
                "uid of " + block, 1, spec, new NetworkStatus(block.toString(), List.of(), List.of(), ready, 1L));
    }

    private boolean needed(String network, PeeringSpec peering) {
        Seen<NetworkSpec, NetworkStatus> seen = Objects.requireNonNull(networks.get(network));
        return Succession.needs(peering, configuration.map(Seen::status), seen.spec(), seen.status());
    }

    private PeeringObserved seen(PeeringSpec spec) {
        PeeringObserved fresh = Samples.fresh(spec);
        return new PeeringObserved(
                fresh.peering(),
                fresh.own(),
                Map.copyOf(networks),
                Map.copyOf(granted),
                configuration,
                fresh.connection(),
                fresh.advertisement(),
                fresh.admitted(),
                fresh.kubeconfig(),
                fresh.inBand(),
                fresh.exposures(),
                fresh.ownProxy(),
                fresh.version(),
                fresh.rangeOverlap());
    }

    private ConfigurationStatus status() {
        return Objects.requireNonNull(configuration.orElseThrow().status());
    }

    private List<RemappedRange> pods() {
        return Objects.requireNonNull(status().remote()).podCIDRs();
    }

    private static PeeringSpec ranges(String pods, String externals) {
        return ranges(List.of(pods), List.of(externals));
    }

    private static PeeringSpec ranges(List<String> pods, List<String> externals) {
        return new PeeringSpec(
                Samples.PEER,
                List.of("theirs"),
                List.of("198.51.100.7:51820"),
                pods,
                externals,
                new ProxyAddress("10.70.0.2", 8118),
                null,
                null,
                null,
                null,
                null);
    }
}
