// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Decision.AlreadyGranted;
import dev.hawser.ipam.ledger.Decision.Conflict;
import dev.hawser.ipam.ledger.Decision.Exhausted;
import dev.hawser.ipam.ledger.Decision.Granted;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
    private static final List<Reservation> OURS = List.of(
            reservation("10.200.0.0/16", "ClusterGateway this (pod CIDR)"),
            reservation("10.70.0.0/16", "ClusterGateway this (external CIDR)"),
            reservation("10.95.0.0/16", "ClusterGateway this (service CIDR)"));

    private static final List<PoolRanges> DEFAULT =
            List.of(new PoolRanges("default", PoolRanges.DEFAULT_CIDRS, List.of()));

    @Test
    void namesAPeerWithIdenticalRangesNextToOurOwn() {
        Request external = request("wild-frog", Role.EXTERNAL, "10.70.0.0/16");
        Request pods = request("wild-frog", Role.POD, "10.200.0.0/16");

        Round round = Ledger.of(state(DEFAULT, OURS, List.of(), List.of())).decide(List.of(external, pods));

        assertThat(round.intentsOf("default"))
                .containsExactly(intent(pods, "10.71.0.0/16"), intent(external, "10.94.0.0/16"));
        assertThat(round.decisions().getFirst())
                .isEqualTo(new Granted(
                        pods,
                        Cidr.parse("10.71.0.0/16"),
                        Optional.of(new Obstacle(
                                "ClusterGateway this (pod CIDR)",
                                "10.200.0.0/16 overlaps 10.200.0.0/16 of ClusterGateway this (pod CIDR); wish for another"
                                        + " /16 or leave the wish out"))));
    }

    @Test
    void keepsTheTrueRangeWhereNobodyUsesIt() {
        Request pods = request("wild-frog", Role.POD, "10.42.0.0/16");

        Round round = Ledger.of(state(DEFAULT, OURS, List.of(), List.of())).decide(List.of(pods));

        assertThat(round.decisions()).containsExactly(new Granted(pods, Cidr.parse("10.42.0.0/16"), Optional.empty()));
    }

    @Test
    void namesAPeerOutsideThePoolsFromThePools() {
        Request pods = request("wild-frog", Role.POD, "8.8.0.0/16");

        Round round = Ledger.of(state(DEFAULT, OURS, List.of(), List.of())).decide(List.of(pods));

        assertThat(blocks(round)).containsExactly("10.71.0.0/16");
    }

    @Test
    void grantsIpv6FromTheIpv6Range() {
        Request kept = request("wild-frog", Role.POD, "fd12:3456::/56");
        Request renamed = request("slow-cat", Role.POD, "2001:db8:1::/56");

        Round round = Ledger.of(state(DEFAULT, OURS, List.of(), List.of())).decide(List.of(kept, renamed));

        assertThat(blocks(round)).containsExactly("fd00::/56", "fd12:3456::/56");
    }

    @Test
    void staysOffAvoidedAndReservedRanges() {
        List<PoolRanges> pools = List.of(new PoolRanges("lab", cidrs("10.0.0.0/14"), cidrs("10.1.0.0/16")));
        Request pods = new Request(
                owner("wild-frog", Role.POD, "10.0.0.0/16"),
                object("p"),
                Cidr.parse("10.0.0.0/16"),
                false,
                List.of(reservation("10.0.9.0/24", "route of node n1"), reservation("10.2.0.0/16", "peer slow-cat")));

        Round round = Ledger.of(state(pools, List.of(), List.of(), List.of())).decide(List.of(pods));

        assertThat(blocks(round)).containsExactly("10.3.0.0/16");
        assertThat(((Granted) round.decisions().getFirst()).insteadOfWanted())
                .hasValueSatisfying(o -> assertThat(o.object()).isEqualTo("route of node n1"));
    }

    @Test
    void avoidingForOneRequestTakesNothingFromTheNext() {
        List<PoolRanges> pools = List.of(new PoolRanges("lab", cidrs("10.0.0.0/15"), List.of()));
        Request careful = new Request(
                owner("a", Role.POD, "10.0.0.0/16"),
                object("a"),
                Cidr.parse("10.0.0.0/16"),
                false,
                List.of(reservation("10.0.0.0/16", "route of node n1")));
        Request next = request("b", Role.POD, "10.0.0.0/16");

        Round round = Ledger.of(state(pools, List.of(), List.of(), List.of())).decide(List.of(careful, next));

        assertThat(blocks(round)).containsExactly("10.1.0.0/16", "10.0.0.0/16");
    }

    @Test
    void answersTheSameOwnerWithTheSameBlock() {
        Request pods = request("wild-frog", Role.POD, "10.200.0.0/16");
        Ledger before = Ledger.of(state(DEFAULT, OURS, List.of(), List.of()));
        Intent intent = before.decide(List.of(pods)).intents().getFirst();

        Round promised =
                Ledger.of(state(DEFAULT, OURS, List.of(), List.of(intent))).decide(List.of(pods));
        Round recorded = Ledger.of(state(DEFAULT, OURS, List.of(grant(pods, intent.block())), List.of(intent)))
                .decide(List.of(pods));

        assertThat(blocks(promised)).containsExactly(intent.block().toString());
        assertThat(promised.intents()).containsExactly(intent);
        assertThat(recorded.decisions()).containsExactly(new AlreadyGranted(pods, intent.block()));
        assertThat(recorded.intents()).isEmpty();
    }

    @Test
    void neverGivesAPromisedBlockToAnotherOwner() {
        Request early = request("a", Role.POD, "10.200.0.0/16");
        Request late = request("b", Role.POD, "10.200.0.0/16");
        Intent promised = intent(late, "10.71.0.0/16");

        Round round =
                Ledger.of(state(DEFAULT, OURS, List.of(), List.of(promised))).decide(List.of(late, early));

        assertThat(blocks(round)).containsExactly("10.94.0.0/16", "10.71.0.0/16");
    }

    @Test
    void keepsAPromiseThatSomebodyWroteOverByHandAndSaysWho() {
        Request mine = request("a", Role.POD, "10.200.0.0/16");
        Request other = request("b", Role.POD, "10.201.0.0/16");
        Intent promised = intent(mine, "10.71.0.0/16");

        Round round = Ledger.of(
                        state(DEFAULT, OURS, List.of(grant(other, Cidr.parse("10.71.0.0/16"))), List.of(promised)))
                .decide(List.of(mine, other));

        assertThat(((Conflict) round.decisions().getFirst()).obstacle().object())
                .isEqualTo("Network b-pod");
        assertThat(round.intents()).containsExactly(promised);
    }

    @Test
    void doesNotHandAPromiseOnToAnObjectThatWasCreatedAgain() {
        Request again = request("a", Role.POD, "10.200.0.0/16");
        Intent promised = new Intent(again.owner(), "uid of the deleted one", Cidr.parse("10.71.0.0/16"), "default");

        Round round =
                Ledger.of(state(DEFAULT, OURS, List.of(), List.of(promised))).decide(List.of(again));

        assertThat(round.intents()).containsExactly(intent(again, "10.71.0.0/16"));
    }

    @Test
    void honoursAWishOrNamesWhoIsInTheWay() {
        Owner owner = owner("wild-frog", Role.POD, "10.200.0.0/16");
        Ledger ledger = Ledger.of(state(DEFAULT, OURS, List.of(), List.of()));

        assertThat(ledger.decide(List.of(wish(owner, "172.20.0.0/16"))).intents())
                .containsExactly(new Intent(owner, "uid of w", Cidr.parse("172.20.0.0/16"), "default"));
        assertThat(conflict(ledger, wish(owner, "10.95.0.0/16")).object())
                .isEqualTo("ClusterGateway this (service CIDR)");
        assertThat(conflict(ledger, wish(owner, "100.64.0.0/16")).reason()).contains("no range of a Pool");
        assertThat(conflict(ledger, wish(owner, "172.20.0.0/17")).reason()).contains("wish for a /16");
        assertThat(conflict(ledger, wish(owner, "fd00::/16")).reason()).contains("cannot stand for");
    }

    @Test
    void reportsTheGrantInTheWayAndLeavesTheOtherAlone() {
        Request first = request("a", Role.POD, "10.200.0.0/16");
        Request edited = request("b", Role.POD, "10.201.0.0/16");
        List<Grant> grants =
                List.of(grant(edited, Cidr.parse("10.71.0.0/16")), grant(first, Cidr.parse("10.71.0.0/16")));

        Round round = Ledger.of(state(DEFAULT, OURS, grants, List.of())).decide(List.of(edited, first));

        assertThat(round.decisions().getFirst()).isEqualTo(new AlreadyGranted(first, Cidr.parse("10.71.0.0/16")));
        assertThat(((Conflict) round.decisions().getLast()).obstacle().object())
                .isEqualTo(first.object().name());
    }

    @Test
    void reportsAGrantThatNoRemapCanReach() {
        Request pods = request("a", Role.POD, "10.200.0.0/16");
        Ledger ledger = Ledger.of(state(DEFAULT, OURS, List.of(grant(pods, Cidr.parse("10.71.0.0/17"))), List.of()));

        assertThat(conflict(ledger, pods).reason()).contains("no 1:1 remap can reach");
    }

    @Test
    void reportsASecondObjectForTheSameOwner() {
        Owner owner = owner("a", Role.POD, "10.200.0.0/16");
        Request first = Request.of(owner, object("one"));
        Request second = Request.of(owner, object("two"));
        Ledger fresh = Ledger.of(state(DEFAULT, OURS, List.of(), List.of()));
        Ledger later = Ledger.of(
                state(DEFAULT, OURS, List.of(new Grant(owner, Cidr.parse("10.71.0.0/16"), object("two"))), List.of()));

        assertThat(((Conflict) fresh.decide(List.of(second, first)).decisions().getLast())
                        .obstacle()
                        .object())
                .isEqualTo("Network one");
        assertThat(((Conflict) later.decide(List.of(first, second)).decisions().getFirst())
                        .obstacle()
                        .object())
                .isEqualTo("Network two");
    }

    @Test
    void keepsAFormerBlockForItsOwnerOnly() {
        Request former = request("b", Role.POD, "10.200.0.0/16");
        Request other = request("a", Role.POD, "10.200.0.0/16");
        LedgerState state = new LedgerState(
                DEFAULT, OURS, List.of(), List.of(), List.of(new Former(former.owner(), Cidr.parse("10.71.0.0/16"))));

        assertThat(blocks(Ledger.of(state).decide(List.of(former, other))))
                .containsExactly("10.94.0.0/16", "10.71.0.0/16");
    }

    @Test
    void keepsAFormerBlockAlsoForAnOwnerWhoseWishIsRefused() {
        Owner former = owner("a", Role.POD, "10.200.0.0/16");
        Request other = request("b", Role.POD, "10.200.0.0/16");
        LedgerState state = new LedgerState(
                DEFAULT, OURS, List.of(), List.of(), List.of(new Former(former, Cidr.parse("10.71.0.0/16"))));

        Round round = Ledger.of(state).decide(List.of(wish(former, "10.95.0.0/16"), other));

        assertThat(round.decisions().getFirst()).isInstanceOf(Conflict.class);
        assertThat(round.intents()).containsExactly(intent(other, "10.94.0.0/16"));
    }

    @Test
    void saysHowFullThePoolsAre() {
        List<PoolRanges> pools = List.of(new PoolRanges("small", cidrs("10.0.0.0/15"), cidrs("10.1.128.0/17")));
        Request first = request("a", Role.POD, "10.200.0.0/16");
        Request second = request("b", Role.POD, "10.200.0.0/16");

        Round round = Ledger.of(state(pools, List.of(), List.of(), List.of())).decide(List.of(first, second));

        Exhausted exhausted = (Exhausted) round.decisions().getLast();
        assertThat(exhausted.pools()).singleElement().satisfies(pool -> {
            assertThat(pool.used()).isEqualTo(BigInteger.valueOf(65_536));
            assertThat(pool.free()).isEqualTo(BigInteger.valueOf(32_768));
            assertThat(pool.largestFreeLength()).hasValue(17);
        });
        assertThat(exhausted.reason())
                .contains("no free /16 for the pod CIDR 10.200.0.0/16 of cluster \"b\"")
                .contains("largest free block /17");
    }

    @Test
    void grantsNothingOfWhatTwoPoolsBothHave() {
        List<PoolRanges> pools = List.of(
                new PoolRanges("b", cidrs("10.0.0.0/16"), List.of()),
                new PoolRanges("a", cidrs("10.0.0.0/15"), List.of()));
        Ledger ledger = Ledger.of(state(pools, List.of(), List.of(), List.of()));
        Request pods = request("wild-frog", Role.POD, "10.0.0.0/16");

        assertThat(blocks(ledger.decide(List.of(pods)))).containsExactly("10.1.0.0/16");
        assertThat(conflict(ledger, wish(owner("slow-cat", Role.POD, "10.9.0.0/16"), "10.0.0.0/16"))
                        .object())
                .isEqualTo("Pool a and Pool b, which both have it");
        assertThat(ledger.usage()).extracting(PoolUsage::pool).containsExactly("a", "b");
        assertThat(ledger.usage()).extracting(PoolUsage::used).containsOnly(BigInteger.ZERO);
        assertThat(ledger.usage().getLast().free()).isZero();
    }

    @Test
    void countsTheRangesOfOnePoolThatOverlapOnce() {
        List<PoolRanges> pools = List.of(new PoolRanges("a", cidrs("10.0.0.0/15", "10.0.0.0/16"), List.of()));

        assertThat(Ledger.of(state(pools, List.of(), List.of(), List.of())).usage())
                .singleElement()
                .satisfies(usage -> assertThat(usage.range()).isEqualTo(Cidr.parse("10.0.0.0/15")));
    }

    /** Two controllers found different pools full: each may be about to write the block that it promised. */
    @Test
    void keepsWhatTwoPoolsPromisedToOneObject() {
        List<PoolRanges> pools = List.of(
                new PoolRanges("a", cidrs("10.0.0.0/16"), List.of()),
                new PoolRanges("b", cidrs("10.1.0.0/16"), List.of()));
        Request twice = request("wild-frog", Role.POD, "10.200.0.0/16");
        Request next = request("zebra", Role.POD, "10.200.0.0/16");
        List<Intent> promises = List.of(
                new Intent(twice.owner(), twice.object().uid(), Cidr.parse("10.1.0.0/16"), "b"),
                new Intent(twice.owner(), twice.object().uid(), Cidr.parse("10.0.0.0/16"), "a"));

        Round round = Ledger.of(state(pools, List.of(), List.of(), promises)).decide(List.of(twice, next));

        assertThat(round.decisions().getFirst())
                .isEqualTo(new Granted(twice, Cidr.parse("10.0.0.0/16"), Optional.empty()));
        assertThat(round.decisions().getLast()).isInstanceOf(Exhausted.class);
        assertThat(round.intents()).containsExactlyInAnyOrderElementsOf(promises);
    }

    @ParameterizedTest
    @ValueSource(strings = {"pod", "external", "service", "node", "reserved"})
    void readsRolesByWord(String word) {
        assertThat(Role.ofWord(word).word()).isEqualTo(word);
        assertThatThrownBy(() -> Role.ofWord(word + "s")).hasMessageContaining("write pod, external");
    }

    private static Obstacle conflict(Ledger ledger, Request request) {
        Round round = ledger.decide(List.of(request));
        assertThat(round.intents()).isEmpty();
        return ((Conflict) round.decisions().getFirst()).obstacle();
    }

    private static List<String> blocks(Round round) {
        return round.decisions().stream()
                .map(decision -> ((Granted) decision).block().toString())
                .toList();
    }

    private static LedgerState state(
            List<PoolRanges> pools, List<Reservation> reservations, List<Grant> grants, List<Intent> intents) {
        return new LedgerState(pools, reservations, grants, intents, List.of());
    }

    private static Owner owner(String cluster, Role role, String cidr) {
        return new Owner("Peering", cluster, role, Cidr.parse(cidr));
    }

    private static ObjectRef object(String name) {
        return new ObjectRef("Network " + name, "uid of " + name);
    }

    private static Request request(String cluster, Role role, String cidr) {
        return Request.of(owner(cluster, role, cidr), object(cluster + "-" + role.word()));
    }

    private static Request wish(Owner owner, String wanted) {
        return new Request(owner, object("w"), Cidr.parse(wanted), true, List.of());
    }

    private static Grant grant(Request request, Cidr block) {
        return new Grant(request.owner(), block, request.object());
    }

    private static Intent intent(Request request, String block) {
        return new Intent(request.owner(), request.object().uid(), Cidr.parse(block), "default");
    }

    private static Reservation reservation(String cidr, String holder) {
        return new Reservation(Cidr.parse(cidr), holder);
    }

    private static List<Cidr> cidrs(String... texts) {
        return List.of(texts).stream().map(Cidr::parse).toList();
    }
}
