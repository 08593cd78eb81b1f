// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static dev.hawser.controller.plan.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemapWish;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PeeringPlanTest {
    private static final PeeringSpec BUNDLE = Samples.bundle(null, null);
    private static final InBand ANSWERED = new InBand(
            Optional.of(Samples.learned("198.51.100.8:51820")),
            Optional.of(new Verdict.Holds("Answered", "")),
            Optional.of(new Verdict.Fails("Valid", "")));

    @Test
    void claimsNamesBeforeItConnects() {
        List<Action> actions = PeeringPlan.actions(Samples.fresh(BUNDLE), NOW);

        assertThat(actions)
                .filteredOn(Action.ClaimNetwork.class::isInstance)
                .extracting(action -> ((Action.ClaimNetwork) action).name())
                .containsExactly("3rd-lisbon-pod-10.200.0.0-16", "3rd-lisbon-external-10.70.0.0-16");
        assertThat(actions).hasAtLeastOneElementOfType(Action.PutConfiguration.class);
        assertThat(actions).hasAtLeastOneElementOfType(Action.AdmitPeer.class);
        assertThat(actions).doesNotHaveAnyElementsOfTypes(Action.PutConnection.class, Action.PutKubeconfig.class);
    }

    @Test
    void asksForTheWishedName() {
        PeeringSpec wishing = Samples.bundle(new RemapWish(List.of("10.71.0.0/16"), List.of()), null);

        List<NetworkSpec> claims = PeeringPlan.actions(Samples.fresh(wishing), NOW).stream()
                .filter(Action.ClaimNetwork.class::isInstance)
                .map(action -> ((Action.ClaimNetwork) action).spec())
                .toList();

        assertThat(claims).extracting(NetworkSpec::cidr).containsExactly("10.71.0.0/16", "10.70.0.0/16");
    }

    @Test
    void connectsWhenEveryRangeHasAName() {
        List<Action> actions = PeeringPlan.actions(granted(Optional.empty(), InBand.UNASKED, null), NOW);

        assertThat(only(actions, Action.PutConnection.class).spec())
                .isEqualTo(
                        new ConnectionSpec("3rd-lisbon", List.of("theirs"), List.of("198.51.100.7:51820"), null, null));
        assertThat(only(actions, Action.PutKubeconfig.class).text()).contains("proxy-url: \"http://10.94.0.2:8118\"");
    }

    @Test
    void keepsTheNatOpenIfItAnnouncesNoEndpoint() {
        PeeringObserved seen = granted(Optional.empty(), InBand.UNASKED, null);
        PeeringObserved behindNat = new PeeringObserved(
                seen.peering(),
                Samples.own(List.of()),
                seen.networks(),
                seen.granted(),
                seen.configuration(),
                seen.connection(),
                seen.advertisement(),
                seen.admitted(),
                seen.kubeconfig(),
                seen.inBand(),
                seen.exposures(),
                seen.ownProxy(),
                seen.version(),
                seen.rangeOverlap());

        Action.PutConnection put = only(PeeringPlan.actions(behindNat, NOW), Action.PutConnection.class);

        assertThat(put.spec().persistentKeepalive()).isEqualTo(25);
    }

    @Test
    void dialsTheProxyUnderItsNameHere() {
        assertThat(PeeringPlan.apiServer(granted(Optional.empty(), InBand.UNASKED, null)))
                .contains(new ProxyAddress("10.94.0.2", 8118));
        assertThat(PeeringPlan.apiServer(Samples.fresh(BUNDLE))).isEmpty();
    }

    @Test
    void triesEndpointsOfTheBundleAndThoseAdvertised() {
        Action.PutConnection put =
                only(PeeringPlan.actions(granted(Optional.empty(), ANSWERED, null), NOW), Action.PutConnection.class);

        assertThat(put.spec().endpoints()).containsExactly("198.51.100.7:51820", "198.51.100.8:51820");
    }

    @Test
    void goesOnWithWhatTheFormerLeaderHadLearned() {
        PeeringStatus status =
                new PeeringStatus(null, null, null, null, Samples.learned("198.51.100.8:51820"), List.of(), 1L);

        Action.PutConnection put = only(
                PeeringPlan.actions(granted(Optional.empty(), InBand.UNASKED, status), NOW),
                Action.PutConnection.class);

        assertThat(put.spec().endpoints()).contains("198.51.100.8:51820");
    }

    @Test
    void acceptsTheOldKeyAndTheNextWhileThePeerRotates() {
        assertThat(keys(announcing(List.of("theirs", "next"), List.of()))).containsExactly("theirs", "next");
    }

    @Test
    void dropsTheKeyOfTheBundleOnceThePeerHasRotatedItAway() {
        assertThat(keys(announcing(List.of("next"), List.of("theirs")))).containsExactly("next");
    }

    @Test
    void addsAKeyThatAPersonWroteForAPeerToBeInstalledAnew() {
        assertThat(keys(announcing(List.of("former"), List.of()))).containsExactly("former", "theirs");
    }

    @Test
    void takesTheKeysAwayWhilePaused() {
        PeeringObserved seen = granted(Optional.empty(), ANSWERED, null);
        PeeringObserved paused = Samples.with(
                Samples.fresh(Samples.bundle(null, true)), seen.networks(), Optional.empty(), ANSWERED, null);

        List<Action> actions = PeeringPlan.actions(paused, NOW);

        assertThat(only(actions, Action.PutConnection.class).spec().publicKeys())
                .isEmpty();
        assertThat(reason(actions, "Ready")).isEqualTo("Paused");
    }

    @Test
    void isReadyOnlyWhenPacketsPassAndThePeerAnswers() {
        Seen<ConnectionSpec, ConnectionStatus> up = connection(2, Samples.connected(2));

        assertThat(reason(PeeringPlan.actions(granted(Optional.of(up), InBand.UNASKED, null), NOW), "Ready"))
                .isEqualTo("NotAsked");
        assertThat(reason(PeeringPlan.actions(granted(Optional.empty(), ANSWERED, null), NOW), "Ready"))
                .isEqualTo("NotConnected");
        assertThat(reason(PeeringPlan.actions(granted(Optional.of(up), ANSWERED, null), NOW), "Ready"))
                .isEqualTo("Connected");
    }

    @Test
    void marksAPeerThatIsAwayAndItsAnswerAsUnknown() {
        Seen<ConnectionSpec, ConnectionStatus> down = connection(2, Samples.connecting(2));

        List<Action> actions = PeeringPlan.actions(granted(Optional.of(down), ANSWERED, null), NOW);

        assertThat(status(actions, "NetworkReady")).isEqualTo("False");
        assertThat(status(actions, "APIServerReachable")).isEqualTo("Unknown");
        assertThat(status(actions, "Ready")).isEqualTo("False");
        assertThat(reason(actions, "Ready")).isEqualTo("NotConnected");
    }

    @Test
    void isNotReadyWhileAFamilyDoesNotPass() {
        List<Condition> silent = Conditions.of(List.of())
                .with("Connected", new Verdict.Fails("FamilySilent", "probes over IPv6 do not return"), 2, NOW)
                .toList();
        Seen<ConnectionSpec, ConnectionStatus> half = connection(2, Samples.degraded(2, silent));

        List<Action> actions = PeeringPlan.actions(granted(Optional.of(half), ANSWERED, null), NOW);

        assertThat(reason(actions, "Ready")).isEqualTo("FamilySilent");
        assertThat(condition(actions, "NetworkReady").getMessage()).contains("IPv6", "Connection 3rd-lisbon");
        assertThat(status(actions, "APIServerReachable")).isEqualTo("True");
    }

    @Test
    void saysSinceWhenAPeerIsAway() {
        PeeringObserved up = granted(Optional.of(connection(2, Samples.connected(2))), ANSWERED, null);
        PeeringStatus ready = only(PeeringPlan.actions(up, NOW), Action.PutPeeringStatus.class)
                .status();
        PeeringObserved down = granted(Optional.of(connection(2, Samples.connecting(2))), ANSWERED, ready);

        List<Action> actions = PeeringPlan.actions(down, NOW.plusSeconds(60));

        assertThat(condition(actions, "Ready").getLastTransitionTime())
                .isEqualTo(NOW.plusSeconds(60).toString());
        assertThat(only(actions, Action.Tell.class).warning()).isTrue();
    }

    @Test
    void hasNothingToDoOnceAllIsAsItShouldBe() {
        PeeringObserved seen = granted(Optional.of(connection(1, Samples.connected(1))), ANSWERED, null);
        PeeringObserved done = settled(seen);

        assertThat(PeeringPlan.actions(done, NOW.plusSeconds(60))).isEmpty();
    }

    @Test
    void namesTheRangeThatCannotBeRead() {
        PeeringSpec broken = new PeeringSpec(
                "3rd-lisbon",
                List.of("theirs"),
                List.of(),
                List.of("10.200.0.1/16"),
                List.of("10.70.0.0/16"),
                null,
                null,
                null,
                null,
                null,
                null);

        List<Action> actions = PeeringPlan.actions(Samples.fresh(broken), NOW);

        assertThat(reason(actions, "Ready")).isEqualTo("Unreadable");
        assertThat(actions).hasOnlyElementsOfTypes(Action.PutPeeringStatus.class, Action.Tell.class);
    }

    @Test
    void givesNamesToRangesOfItsOwnFamiliesOnly() {
        PeeringSpec dualStack = ranges(List.of("10.200.0.0/16", "fd00::/56"), List.of("10.70.0.0/16", "fd01::/112"));

        List<Action> actions = PeeringPlan.actions(Samples.fresh(dualStack), NOW);

        assertThat(actions.stream().filter(Action.ClaimNetwork.class::isInstance))
                .hasSize(2);
        assertThat(only(actions, Action.PutConfiguration.class).spec().remote().podCIDRs())
                .containsExactly("10.200.0.0/16");
    }

    @Test
    void saysThatTheyHaveNoFamilyInCommon() {
        PeeringSpec other = ranges(List.of("fd00::/56"), List.of("fd01::/112"));

        List<Action> actions = PeeringPlan.actions(Samples.fresh(other), NOW);

        assertThat(Conditions.of(only(actions, Action.PutPeeringStatus.class)
                                .status()
                                .conditions())
                        .find("Ready")
                        .orElseThrow()
                        .getMessage())
                .contains("fd01::/112", "no family");
    }

    private static PeeringSpec ranges(List<String> pods, List<String> externals) {
        return new PeeringSpec(
                "3rd-lisbon",
                List.of("theirs"),
                List.of("198.51.100.7:51820"),
                pods,
                externals,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    @Test
    void refusesToPeerWithItself() {
        PeeringSpec own = new PeeringSpec(
                "genoa",
                List.of("ours"),
                List.of(),
                List.of("10.200.0.0/16"),
                List.of("10.70.0.0/16"),
                null,
                null,
                null,
                null,
                null,
                null);

        assertThat(PeeringPlan.actions(Samples.fresh(own), NOW))
                .hasOnlyElementsOfTypes(Action.PutPeeringStatus.class, Action.Tell.class);
    }

    private static PeeringObserved granted(
            Optional<Seen<ConnectionSpec, ConnectionStatus>> connection,
            InBand inBand,
            @Nullable PeeringStatus status) {
        return Samples.with(
                Samples.fresh(BUNDLE), Samples.networks("10.71.0.0/16", "10.94.0.0/16"), connection, inBand, status);
    }

    private static Seen<ConnectionSpec, ConnectionStatus> connection(long generation, ConnectionStatus status) {
        ConnectionSpec spec = new ConnectionSpec(
                "3rd-lisbon", List.of("theirs"), List.of("198.51.100.7:51820", "198.51.100.8:51820"), null, null);
        return new Seen<>("connection-uid", generation, spec, status);
    }

    /** The same after everything that is to be done was done, round after round. */
    private static PeeringObserved settled(PeeringObserved seen) {
        PeeringObserved now = seen;
        for (int round = 0; round < 3; round++) {
            for (Action action : PeeringPlan.actions(now, NOW)) {
                now = after(now, action);
            }
        }
        return now;
    }

    private static PeeringObserved after(PeeringObserved seen, Action action) {
        var configuration = switch (action) {
            case Action.PutConfiguration put -> Optional.of(new Seen<>("c", 1, put.spec(), (ConfigurationStatus) null));
            case Action.PutConfigurationStatus put ->
                seen.configuration().map(is -> new Seen<>("c", 1, is.spec(), put.status()));
            default -> seen.configuration();
        };
        return new PeeringObserved(
                action instanceof Action.PutPeeringStatus put
                        ? new Seen<>("uid", 1, BUNDLE, put.status())
                        : seen.peering(),
                seen.own(),
                seen.networks(),
                seen.granted(),
                configuration,
                action instanceof Action.PutConnection put
                        ? Optional.of(new Seen<>("n", 1, put.spec(), Samples.connected(1)))
                        : seen.connection(),
                switch (action) {
                    case Action.PutAdvertisement put -> Optional.of(new Seen<>("a", 1, put.spec(), null));
                    case Action.PutAdvertisementStatus put ->
                        seen.advertisement().map(is -> new Seen<>("a", 1, is.spec(), put.status()));
                    default -> seen.advertisement();
                },
                action instanceof Action.AdmitPeer || seen.admitted(),
                action instanceof Action.PutKubeconfig put ? Optional.of(put.text()) : seen.kubeconfig(),
                seen.inBand(),
                seen.exposures(),
                seen.ownProxy(),
                seen.version(),
                seen.rangeOverlap());
    }

    /** What is seen of a peer that announced these keys. */
    private static PeeringObserved announcing(List<String> keys, List<String> retired) {
        LearnedAdvertisement learned =
                new LearnedAdvertisement("their-uid", 5, keys, retired, List.of(), null, null, null, null, List.of());
        return granted(Optional.empty(), new InBand(Optional.of(learned), Optional.empty(), Optional.empty()), null);
    }

    private static List<String> keys(PeeringObserved seen) {
        return only(PeeringPlan.actions(seen, NOW), Action.PutConnection.class)
                .spec()
                .publicKeys();
    }

    private static String reason(List<Action> actions, String type) {
        return condition(actions, type).getReason();
    }

    private static String status(List<Action> actions, String type) {
        return condition(actions, type).getStatus();
    }

    private static Condition condition(List<Action> actions, String type) {
        return Conditions.of(
                        only(actions, Action.PutPeeringStatus.class).status().conditions())
                .find(type)
                .orElseThrow();
    }

    private static <A extends Action> A only(List<Action> actions, Class<A> type) {
        return actions.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }
}
