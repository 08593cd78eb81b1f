// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Decision.AlreadyGranted;
import dev.hawser.ipam.ledger.Decision.Conflict;
import dev.hawser.ipam.ledger.Decision.Exhausted;
import dev.hawser.ipam.ledger.Decision.Granted;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who is named as being in the way, and who goes first. */
class LedgerReasonsTest {
    private static final Cidr TRUTH = Cidr.parse("10.200.0.0/16");
    private static final Cidr WANTED = Cidr.parse("10.1.0.0/16");
    private static final List<PoolRanges> POOLS =
            List.of(new PoolRanges("lab", cidrs("10.0.0.0/14"), cidrs("10.3.0.0/16")));

    private final List<Reservation> reservations = new ArrayList<>();
    private final List<Grant> grants = new ArrayList<>();
    private final List<Intent> intents = new ArrayList<>();
    private final List<Former> formers = new ArrayList<>();

    @Test
    void namesWhatAPoolReserves() {
        assertThat(inTheWayOf(wish("a", "10.3.0.0/16"))).isEqualTo("Pool lab (reserved)");
    }

    @Test
    void namesWhoGotItEarlierInTheSameRound() {
        Round round = decide(wish("a", "10.1.0.0/16"), wish("b", "10.1.0.0/16"));

        assertThat(((Conflict) round.decisions().getLast()).obstacle().object()).isEqualTo("Network a");
    }

    @Test
    void namesTheCoolDown() {
        formers.add(new Former(owner("gone"), WANTED));

        assertThat(inTheWayOf(wish("a", "10.1.0.0/16")))
                .isEqualTo("the cool-down for the pod CIDR 10.200.0.0/16 of cluster \"gone\" (Peering)");
    }

    @Test
    void namesARangeToAvoid() {
        Request careful = new Request(
                owner("a"),
                object("a"),
                WANTED,
                true,
                List.of(
                        new Reservation(Cidr.parse("10.2.0.0/24"), "elsewhere"),
                        new Reservation(Cidr.parse("10.1.7.0/24"), "route of node n1")));

        assertThat(inTheWayOf(careful)).isEqualTo("route of node n1");
    }

    @Test
    void namesThePromiseToSomebodyElse() {
        intents.add(intent("b", WANTED));

        Round round = decide(wish("a", "10.1.0.0/16"), plain("b"));

        assertThat(((Conflict) round.decisions().getFirst()).obstacle().object())
                .isEqualTo("the promise to the pod CIDR 10.200.0.0/16 of cluster \"b\" (Peering)");
    }

    /** It may be in use, whatever its object should say. */
    @Test
    void namesAGrantThatCollidesItself() {
        grants.add(new Grant(owner("a"), Cidr.parse("10.0.0.0/16"), object("a")));
        grants.add(new Grant(owner("b"), Cidr.parse("10.0.0.0/15"), object("b")));

        assertThat(inTheWayOf(wish("c", "10.1.0.0/16"))).isEqualTo("Network b");
    }

    @Test
    void namesTheReservationThatARecordedBlockOverlaps() {
        reservations.add(new Reservation(Cidr.parse("10.1.128.0/17"), "Node n1"));
        grants.add(new Grant(owner("a"), WANTED, object("a")));

        Obstacle obstacle = ((Conflict) decide(plain("a")).decisions().getFirst()).obstacle();

        assertThat(obstacle.object()).isEqualTo("Node n1");
        assertThat(obstacle.reason()).contains("the recorded 10.1.0.0/16 overlaps 10.1.128.0/17 of Node n1");
    }

    @Test
    void saysThatAPromiseIsOutOfReach() {
        intents.add(intent("a", Cidr.parse("10.1.0.0/17")));

        Round round = decide(plain("a"));

        assertThat(((Conflict) round.decisions().getFirst()).obstacle().reason())
                .contains("remove that intent by hand");
        assertThat(round.intents()).isEqualTo(intents);
    }

    @Test
    void givesAFormerBlockAlsoWhereAnotherOneWouldFitBetter() {
        formers.add(new Former(owner("a"), Cidr.parse("10.2.0.0/16")));

        assertThat(((Granted) decide(plain("a")).decisions().getFirst()).block())
                .isEqualTo(Cidr.parse("10.2.0.0/16"));
    }

    @Test
    void countsWhatTheSameRoundGave() {
        Round round = decide(plain("a"), plain("b"), plain("c"), plain("d"));

        assertThat(((Exhausted) round.decisions().getLast()).pools())
                .extracting(PoolUsage::used)
                .containsExactly(BigInteger.valueOf(3 << 16));
    }

    @Test
    void tellsOnlyOfTheFamilyThatIsExhausted() {
        List<PoolRanges> both = List.of(new PoolRanges("lab", cidrs("10.0.0.0/17", "fd00::/8"), List.of()));
        Ledger ledger = Ledger.of(new LedgerState(both, List.of(), List.of(), List.of(), List.of()));

        Exhausted exhausted =
                (Exhausted) ledger.decide(List.of(plain("a"))).decisions().getFirst();

        assertThat(exhausted.pools()).extracting(PoolUsage::range).containsExactly(Cidr.parse("10.0.0.0/17"));
    }

    @Test
    void servesTheObjectWithThePromiseBeforeARivalOfALowerName() {
        Request rival = Request.of(owner("z"), object("a"));
        intents.add(intent("z", WANTED));

        Round round = decide(rival, plain("z"));

        assertThat(round.decisions().getFirst()).isEqualTo(new Granted(plain("z"), WANTED, Optional.empty()));
        assertThat(((Conflict) round.decisions().getLast()).obstacle().object()).isEqualTo("Network z");
    }

    @Test
    void servesTheRivalOfTheLowestNameAndThenOfTheLowestUid() {
        Request low = Request.of(owner("z"), new ObjectRef("Network a", "uid 1"));
        Request high = Request.of(owner("z"), new ObjectRef("Network a", "uid 2"));
        Request other = Request.of(owner("z"), new ObjectRef("Network b", "uid 0"));

        assertThat(decide(other, high, low).decisions())
                .extracting(Decision::request)
                .containsExactly(low, high, other);
    }

    @Test
    void letsAGrantThatFitsStandBeforeOneThatDoesNot() {
        grants.add(new Grant(owner("a"), Cidr.parse("10.0.0.0/15"), object("a")));
        grants.add(new Grant(owner("b"), WANTED, object("b")));

        assertThat(decide(plain("a"), plain("b")).decisions().getLast())
                .isEqualTo(new AlreadyGranted(plain("b"), WANTED));
    }

    @Test
    void letsOfTwoRecordsForOneOwnerTheLowestNameStandAndThenTheLowestUid() {
        Grant low = new Grant(owner("a"), WANTED, new ObjectRef("Network a", "uid 1"));
        Grant high = new Grant(owner("a"), Cidr.parse("10.0.0.0/16"), new ObjectRef("Network a", "uid 2"));
        Grant other = new Grant(owner("a"), Cidr.parse("10.2.0.0/16"), new ObjectRef("Network b", "uid 0"));
        Stream.of(other, high, low).forEach(grants::add);

        List<Decision> decisions = decide(
                        Request.of(owner("a"), low.object()),
                        Request.of(owner("a"), high.object()),
                        Request.of(owner("a"), other.object()))
                .decisions();

        assertThat(decisions.getFirst()).isInstanceOf(AlreadyGranted.class);
        assertThat(decisions.subList(1, 3)).hasOnlyElementsOfType(Conflict.class);
    }

    @Test
    void listsTheIntentsOfOnePoolOnly() {
        Round round = decide(plain("a"));

        assertThat(round.intentsOf("lab")).hasSize(1);
        assertThat(round.intentsOf("other")).isEmpty();
    }

    private String inTheWayOf(Request request) {
        return ((Conflict) decide(request).decisions().getFirst()).obstacle().object();
    }

    private Round decide(Request... requests) {
        return Ledger.of(new LedgerState(POOLS, reservations, grants, intents, formers))
                .decide(List.of(requests));
    }

    private static Request plain(String cluster) {
        return Request.of(owner(cluster), object(cluster));
    }

    private static Request wish(String cluster, String wanted) {
        return new Request(owner(cluster), object(cluster), Cidr.parse(wanted), true, List.of());
    }

    private static Intent intent(String cluster, Cidr block) {
        return new Intent(owner(cluster), object(cluster).uid(), block, "lab");
    }

    private static Owner owner(String cluster) {
        return new Owner("Peering", cluster, Role.POD, TRUTH);
    }

    private static ObjectRef object(String name) {
        return new ObjectRef("Network " + name, "uid of " + name);
    }

    private static List<Cidr> cidrs(String... texts) {
        return Stream.of(texts).map(Cidr::parse).toList();
    }
}
