// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Decision.AlreadyGranted;
import dev.hawser.ipam.ledger.Decision.Conflict;
import dev.hawser.ipam.ledger.Decision.Exhausted;
import dev.hawser.ipam.ledger.Decision.Granted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Rounds against an oracle that knows nothing but sets of single addresses. */
class LedgerOracleTest {
    private static final List<Cidr> POOL = List.of(Cidr.parse("10.0.1.0/26"), Cidr.parse("10.0.0.0/27"));

    /** What a cluster looks like before a round, and who asks. */
    record Scene(List<Cidr> reserved, List<Cidr> reservations, List<Request> requests) {
        LedgerState state(List<Grant> grants, List<Intent> intents) {
            return new LedgerState(
                    List.of(new PoolRanges("p", POOL, reserved)),
                    reservations.stream()
                            .map(cidr -> new Reservation(cidr, "route"))
                            .toList(),
                    grants,
                    intents,
                    List.of());
        }
    }

    @Property
    void agreesWithSetsOfAddresses(@ForAll("scenes") Scene scene) {
        Round round = Ledger.of(scene.state(List.of(), List.of())).decide(scene.requests());

        Set<IpAddress> free = new HashSet<>();
        POOL.forEach(range -> free.addAll(addresses(range)));
        scene.reserved().forEach(cidr -> free.removeAll(addresses(cidr)));
        scene.reservations().forEach(cidr -> free.removeAll(addresses(cidr)));
        for (Decision decision : round.decisions()) {
            Optional<Cidr> expected = slowChoice(free, decision.request());
            assertThat(block(decision)).isEqualTo(expected);
            expected.ifPresent(block -> free.removeAll(addresses(block)));
        }
        assertThat(Ledger.of(scene.state(List.of(), round.intents())).usage().stream()
                        .mapToInt(usage -> usage.free().intValueExact())
                        .sum())
                .isEqualTo(free.size());
    }

    @Property
    void decidesTheSameInWhateverOrderRequestsArrive(@ForAll("scenes") Scene scene, @ForAll Random random) {
        List<Request> shuffled = new ArrayList<>(scene.requests());
        Collections.shuffle(shuffled, random);
        Ledger ledger = Ledger.of(scene.state(List.of(), List.of()));

        assertThat(ledger.decide(shuffled)).isEqualTo(ledger.decide(scene.requests()));
    }

    @Property
    void decidesTheSameAfterACrashAnywhere(@ForAll("scenes") Scene scene, @ForAll Random random) {
        Round round = Ledger.of(scene.state(List.of(), List.of())).decide(scene.requests());
        Map<Owner, Cidr> blocks = blocks(round);

        // Some objects were written before the crash, and some intents of those cleared.
        List<Grant> grants = new ArrayList<>();
        List<Intent> intents = new ArrayList<>();
        for (Intent intent : round.intents()) {
            boolean recorded = random.nextBoolean();
            if (recorded) {
                grants.add(new Grant(intent.owner(), intent.block(), object(intent.owner())));
            }
            if (!recorded || random.nextBoolean()) {
                intents.add(intent);
            }
        }
        Collections.shuffle(grants, random);
        Collections.shuffle(intents, random);
        Round after = Ledger.of(scene.state(grants, intents)).decide(scene.requests());

        assertThat(blocks(after)).isEqualTo(blocks);
        assertThat(after.intents()).hasSize(blocks.size() - grants.size());
    }

    private static Map<Owner, Cidr> blocks(Round round) {
        Map<Owner, Cidr> blocks = new TreeMap<>();
        round.decisions()
                .forEach(decision -> block(decision)
                        .ifPresent(block -> blocks.put(decision.request().owner(), block)));
        return blocks;
    }

    private static Optional<Cidr> block(Decision decision) {
        return switch (decision) {
            case Granted granted -> Optional.of(granted.block());
            case AlreadyGranted already -> Optional.of(already.block());
            case Conflict conflict -> {
                assertThat(conflict.request().exactly()).isTrue();
                yield Optional.empty();
            }
            case Exhausted exhausted -> {
                assertThat(exhausted.request().exactly()).isFalse();
                yield Optional.empty();
            }
        };
    }

    private static Optional<Cidr> slowChoice(Set<IpAddress> free, Request request) {
        Set<IpAddress> allowed = new HashSet<>(free);
        request.avoid().forEach(range -> allowed.removeAll(addresses(range.cidr())));
        // A block in two ranges of a pool that happen to touch is in no single one.
        boolean inOneRange = POOL.stream().anyMatch(range -> range.contains(request.wanted()));
        if (inOneRange && allowed.containsAll(addresses(request.wanted()))) {
            return Optional.of(request.wanted());
        }
        return request.exactly()
                ? Optional.empty()
                : slowBestFit(allowed, request.wanted().prefixLength());
    }

    /** In the first range that has any: the lowest block in the smallest maximal free one. */
    private static Optional<Cidr> slowBestFit(Set<IpAddress> allowed, int prefixLength) {
        for (Cidr range : POOL) {
            for (int length = prefixLength; length >= range.prefixLength(); length--) {
                for (IpAddress first : addresses(range)) {
                    Cidr candidate = Cidr.enclosing(first, length);
                    boolean maximal = length == range.prefixLength()
                            || !allowed.containsAll(addresses(Cidr.enclosing(first, length - 1)));
                    if (candidate.first().equals(first) && maximal && allowed.containsAll(addresses(candidate))) {
                        return Optional.of(Cidr.of(first, prefixLength));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static List<IpAddress> addresses(Cidr cidr) {
        List<IpAddress> addresses = new ArrayList<>();
        for (int i = 0; i < 1 << cidr.hostBits(); i++) {
            addresses.add(cidr.network().plus(i));
        }
        return addresses;
    }

    private static ObjectRef object(Owner owner) {
        return new ObjectRef("Network " + owner, "uid of " + owner);
    }

    @Provide
    static Arbitrary<Scene> scenes() {
        Arbitrary<Cidr> blocks = Combinators.combine(
                        Arbitraries.integers().between(0, 191),
                        Arbitraries.integers().between(27, 31))
                .as((offset, length) ->
                        Cidr.enclosing(IpAddress.parse("10.0.0.0").plus(2L * offset), length));
        Arbitrary<Request> requests = Combinators.combine(
                        Arbitraries.of("a", "b", "c", "d", "e"),
                        Arbitraries.of(Role.POD, Role.EXTERNAL),
                        blocks,
                        Arbitraries.of(true, false, false, false),
                        blocks.list().ofMaxSize(2))
                .as((cluster, role, cidr, exactly, avoid) -> {
                    Owner owner = new Owner("Peering", cluster, role, cidr);
                    List<Reservation> avoided = avoid.stream()
                            .map(range -> new Reservation(range, "peer"))
                            .toList();
                    return new Request(owner, object(owner), cidr, exactly, avoided);
                });
        return Combinators.combine(
                        blocks.list().ofMaxSize(3),
                        blocks.list().ofMaxSize(4),
                        requests.list().ofMaxSize(12).map(LedgerOracleTest::onePerOwner))
                .as(Scene::new);
    }

    private static List<Request> onePerOwner(List<Request> requests) {
        return List.copyOf(requests.stream()
                .collect(Collectors.toMap(Request::owner, request -> request, (first, second) -> first))
                .values());
    }
}
