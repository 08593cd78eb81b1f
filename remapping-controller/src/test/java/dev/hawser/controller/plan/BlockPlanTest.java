// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ipam.BlockIntent;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.PoolSpec;
import dev.hawser.api.networking.RemapWish;
import dev.hawser.controller.plan.BlockPlan.Claim;
import dev.hawser.controller.plan.BlockPlan.InUse;
import dev.hawser.controller.plan.BlockPlan.Outcome;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Owner;
import dev.hawser.ipam.ledger.Reservation;
import dev.hawser.ipam.ledger.Role;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.assertj.core.api.Condition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BlockPlanTest {
    private static final PoolSpec POOL = new PoolSpec(List.of("10.0.0.0/8"), List.of());
    private static final List<Reservation> OWN = Samples.own(List.of()).reservations();
    private static final OwnerReference PODS = new OwnerReference("Peering", "3rd-lisbon", "pod", "10.200.0.0/16");
    private static final Owner OWNER = BlockPlan.owner(PODS);
    private static final ClusterObjects FRESH = new ClusterObjects(
            Samples.own(List.of()),
            Optional.of(POOL),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of());

    @Test
    void givesAnotherNameWhereTheTrueOneIsOurs() {
        Outcome outcome = decide(List.of(), List.of(claim("n", null)), Map.of());

        Optional<Cidr> block = block(outcome);
        assertThat(block).isPresent();
        assertThat(block.get().prefixLength()).isEqualTo(16);
        assertThat(OWN).noneMatch(own -> own.cidr().overlaps(block.get()));
        assertThat(outcome.intents())
                .containsExactly(new BlockIntent(PODS, "uid-n", block.get().toString()));
    }

    @Test
    void leavesAloneWhatIsGranted() {
        Outcome outcome = decide(List.of(), List.of(claim("n", "10.71.0.0/16")), Map.of());

        assertThat(block(outcome)).contains(Cidr.parse("10.71.0.0/16"));
        assertThat(outcome.intents()).isEmpty();
    }

    @Test
    void putsBackWhatAHandWroteOver() {
        Outcome outcome =
                decide(List.of(), List.of(claim("n", "10.99.0.0/16")), Map.of(OWNER, Cidr.parse("10.71.0.0/16")));

        assertThat(block(outcome)).contains(Cidr.parse("10.71.0.0/16"));
    }

    @Test
    void putsBackWhatAHandMadeUnreadable() {
        Outcome outcome =
                decide(List.of(), List.of(claim("n", "ten dot something")), Map.of(OWNER, Cidr.parse("10.71.0.0/16")));

        assertThat(block(outcome)).contains(Cidr.parse("10.71.0.0/16"));
    }

    @Test
    void givesAnOwnerWhoseNetworkWasDeletedTheSameBlock() {
        Outcome outcome = decide(List.of(), List.of(claim("n", null)), Map.of(OWNER, Cidr.parse("10.123.0.0/16")));

        assertThat(block(outcome)).contains(Cidr.parse("10.123.0.0/16"));
    }

    @Test
    void completesAnIntentThatAControllerLeftBehind() {
        BlockIntent left = new BlockIntent(PODS, "uid-n", "10.77.0.0/16");

        Outcome outcome = decide(List.of(left), List.of(claim("n", null)), Map.of());

        assertThat(block(outcome)).contains(Cidr.parse("10.77.0.0/16"));
        assertThat(outcome.intents()).containsExactly(left);
    }

    @Test
    void dropsTheIntentOfANetworkThatIsGone() {
        assertThat(decide(List.of(new BlockIntent(PODS, "uid-n", "10.77.0.0/16")), List.of(), Map.of())
                        .intents())
                .isEmpty();
    }

    @Test
    void keepsReservedNetworksFree() {
        Claim reserved = new Claim(
                "office",
                "uid-office",
                new NetworkSpec("10.71.0.0/16", NetworkPurpose.Reserved, null, List.of(), null),
                null);

        Outcome outcome = decide(List.of(), List.of(reserved, claim("n", null)), Map.of());

        assertThat(block(outcome)).isPresent().get().isNotEqualTo(Cidr.parse("10.71.0.0/16"));
        assertThat(outcome.answers()).doesNotContainKey("office");
    }

    @Test
    void saysWhatCannotBeRead() {
        Claim ownerless = new Claim(
                "n", "uid-n", new NetworkSpec("10.1.0.0/16", NetworkPurpose.Remapped, null, List.of(), null), null);

        assertThat(decide(List.of(), List.of(ownerless), Map.of()).answers())
                .hasValueSatisfying(new Condition<>(
                        answer -> answer.verdict().message().contains("spec.owner"), "names what is missing"));
    }

    @Test
    void readsNothingWhereAHandWroteNoRange() {
        assertThat(claim("n", "10.71.0.0/16").recorded()).contains(Cidr.parse("10.71.0.0/16"));
        assertThat(claim("n", "somewhere").recorded()).isEmpty();
        assertThat(claim("n", null).recorded()).isEmpty();
    }

    @Test
    void previewsWhatItWouldGrant() {
        List<MappingPreview.Line> lines = MappingPreview.of(FRESH, List.of(Samples.bundle(null, null)));

        assertThat(lines).extracting(MappingPreview.Line::role).containsExactly(Role.POD, Role.EXTERNAL);
        assertThat(lines)
                .allSatisfy(line -> assertThat(line.to()).isPresent())
                .allSatisfy(line -> assertThat(line.granted()).isFalse());
        assertThat(lines.getFirst().inTheWay()).contains("ClusterGateway this (pod CIDR)");
    }

    @Test
    void previewsWhyAWishCannotBeGranted() {
        List<MappingPreview.Line> lines = MappingPreview.of(
                FRESH, List.of(Samples.bundle(new RemapWish(List.of("10.95.0.0/16"), List.of()), null)));

        assertThat(lines.getFirst().to()).isEmpty();
        assertThat(lines.getFirst().inTheWay()).contains("ClusterGateway this (service CIDR)");
        assertThat(lines.getFirst().message()).contains("ClusterGateway this (service CIDR)");
    }

    @Test
    void keepsNewNamesClearOfRoutesOfTheNode() {
        Claim pending = claim("n", null, "10.71.0.0/16");
        Outcome free = decide(new InUse(List.of(), List.of()), pending);
        Outcome outcome = decide(
                new InUse(
                        List.of(),
                        List.of(route("10.71.3.0/24", "docker0", true), route("10.64.0.0/13", "tun0", false))),
                pending);

        assertThat(block(free)).contains(Cidr.parse("10.71.0.0/16"));
        assertThat(block(outcome)).isPresent();
        assertThat(block(outcome).orElseThrow().overlaps(Cidr.parse("10.64.0.0/13")))
                .isFalse();
        assertThat(Objects.requireNonNull(outcome.answers().get("n")).inTheWay())
                .get()
                .asString()
                .startsWith("route of the gateway's node by ");
    }

    @Test
    void takesNoNameAwayForARouteThatCameLater() {
        Outcome outcome = decide(
                new InUse(List.of(), List.of(route("10.71.3.0/24", "docker0", true))),
                claim("n", "10.71.0.0/16", "10.71.0.0/16"));

        assertThat(block(outcome)).contains(Cidr.parse("10.71.0.0/16"));
    }

    @Test
    void takesARouteAroundAllOfThePoolForADefaultRoute() {
        Outcome outcome = decide(
                new InUse(
                        List.of(), List.of(route("10.0.0.0/8", "eth0", false), route("0.0.0.0/1", "wg-office", true))),
                claim("n", null, "10.71.0.0/16"));

        assertThat(block(outcome)).contains(Cidr.parse("10.71.0.0/16"));
    }

    @Test
    void saysWhatWasKeptClearOfWhereNothingIsLeft() {
        Outcome outcome = decide(
                new InUse(List.of(), List.of(route("10.0.0.0/8", "eth0", true))), claim("n", null, "10.71.0.0/16"));

        assertThat(block(outcome)).isEmpty();
        assertThat(Objects.requireNonNull(outcome.answers().get("n")).verdict().message())
                .endsWith("kept clear of 10.0.0.0/8 of route of the gateway's node by eth0");
    }

    private static HostRoute route(String cidr, String device, boolean direct) {
        return new HostRoute(Cidr.parse(cidr), device, direct);
    }

    private static Outcome decide(InUse inUse, Claim network) {
        return BlockPlan.decide(POOL, List.of(), List.of(network), inUse, Map.of());
    }

    private static Outcome decide(List<BlockIntent> intents, List<Claim> networks, Map<Owner, Cidr> remembered) {
        return BlockPlan.decide(POOL, intents, networks, new InUse(OWN, List.of()), remembered);
    }

    private static Optional<Cidr> block(Outcome outcome) {
        return Objects.requireNonNull(outcome.answers().get("n")).block();
    }

    /** Of a peer whose true range is the wanted one. */
    private static Claim claim(String name, @Nullable String recorded, String wanted) {
        NetworkStatus status =
                recorded == null ? null : new NetworkStatus(recorded, List.of(), List.of(), List.of(), 1L);
        return new Claim(
                name,
                "uid-" + name,
                new NetworkSpec(
                        wanted,
                        NetworkPurpose.Remapped,
                        new OwnerReference("Peering", "3rd-lisbon", "pod", wanted),
                        List.of(),
                        null),
                status);
    }

    private static Claim claim(String name, @Nullable String recorded) {
        NetworkStatus status =
                recorded == null ? null : new NetworkStatus(recorded, List.of(), List.of(), List.of(), 1L);
        return new Claim(
                name,
                "uid-" + name,
                new NetworkSpec("10.200.0.0/16", NetworkPurpose.Remapped, PODS, List.of(), null),
                status);
    }
}
