// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.ExposureDecision.AlreadyGranted;
import dev.hawser.ipam.ledger.ExposureDecision.Conflict;
import dev.hawser.ipam.ledger.ExposureDecision.Exhausted;
import dev.hawser.ipam.ledger.ExposureDecision.Granted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Rounds about exposures against sets, and what must hold whatever the state says. */
class ExposureOracleTest {
    /** Five addresses: two to six. */
    private static final Cidr EXTERNAL = Cidr.parse("10.70.0.0/29");

    @Property
    void givesTheLowestAddressOnceForEachTarget(@ForAll("requests") List<ExposureRequest> requests) {
        ExposureRound round = decide(List.of(), List.of(), requests);

        TreeSet<IpAddress> free = new TreeSet<>();
        IntStream.rangeClosed(2, 6).forEach(i -> free.add(EXTERNAL.network().plus(i)));
        Set<IpAddress> targets = new HashSet<>();
        for (ExposureDecision decision : round.decisions()) {
            Optional<IpAddress> expected =
                    targets.add(decision.request().target()) ? Optional.ofNullable(free.pollFirst()) : Optional.empty();
            assertThat(address(decision)).isEqualTo(expected);
        }
        assertThat(round.decisions())
                .extracting(decision -> decision.request().object().name())
                .isSorted();
    }

    @Property
    void isInjectiveWhateverTheStateSays(
            @ForAll("grants") List<ExposureGrant> grants,
            @ForAll("intents") List<ExposureIntent> intents,
            @ForAll("requests") List<ExposureRequest> requests) {
        ExposureRound round = decide(grants, intents, requests);

        List<ExposureDecision> served = round.decisions().stream()
                .filter(decision -> address(decision).isPresent())
                .toList();
        assertThat(served).extracting(decision -> decision.request().target()).doesNotHaveDuplicates();
        assertThat(served).extracting(ExposureOracleTest::address).doesNotHaveDuplicates();
        assertThat(served).allSatisfy(decision -> {
            IpAddress address = address(decision).orElseThrow();
            assertThat(EXTERNAL.usable(address)).isTrue();
            assertThat(address).isNotEqualTo(EXTERNAL.firstUsable());
        });
    }

    @Property
    void movesNoAddressThatStands(
            @ForAll("grants") List<ExposureGrant> grants, @ForAll("requests") List<ExposureRequest> requests) {
        ExposureRound round = decide(grants, List.of(), requests);

        for (ExposureDecision decision : round.decisions()) {
            grants.stream()
                    .filter(grant -> grant.object().equals(decision.request().object()))
                    .forEach(grant -> assertThat(address(decision).orElse(grant.address()))
                            .isEqualTo(grant.address()));
        }
    }

    @Property
    void decidesTheSameInAnyOrderAndAfterACrashAnywhere(
            @ForAll("requests") List<ExposureRequest> requests, @ForAll Random random) {
        ExposureRound round = decide(List.of(), List.of(), requests);
        List<ExposureGrant> grants = new ArrayList<>();
        List<ExposureIntent> intents = new ArrayList<>();
        for (ExposureDecision decision : round.decisions()) {
            address(decision).ifPresent(address -> {
                ExposureRequest request = decision.request();
                boolean recorded = random.nextBoolean();
                if (recorded) {
                    grants.add(new ExposureGrant(request.object(), request.target(), address));
                }
                if (!recorded || random.nextBoolean()) {
                    intents.add(new ExposureIntent(request.object().uid(), request.target(), address));
                }
            });
        }

        List<ExposureRequest> shuffled = new ArrayList<>(requests);
        Collections.shuffle(shuffled, random);
        ExposureRound after = decide(grants, intents, shuffled);

        assertThat(addresses(after)).isEqualTo(addresses(round));
        assertThat(after.intents()).hasSize(round.intents().size() - grants.size());
    }

    private static ExposureRound decide(
            List<ExposureGrant> grants, List<ExposureIntent> intents, List<ExposureRequest> requests) {
        return ExposureLedger.of(new ExposureState(EXTERNAL, grants, intents, List.of()))
                .decide(requests);
    }

    private static Map<String, IpAddress> addresses(ExposureRound round) {
        Map<String, IpAddress> addresses = new TreeMap<>();
        round.decisions()
                .forEach(decision -> address(decision)
                        .ifPresent(address ->
                                addresses.put(decision.request().object().name(), address)));
        return addresses;
    }

    private static Optional<IpAddress> address(ExposureDecision decision) {
        return switch (decision) {
            case Granted granted -> Optional.of(granted.address());
            case AlreadyGranted already -> Optional.of(already.address());
            case Conflict _, Exhausted _ -> Optional.empty();
        };
    }

    @Provide
    static Arbitrary<List<ExposureRequest>> requests() {
        return Combinators.combine(objects(), targets())
                .as(ExposureRequest::new)
                .list()
                .ofMaxSize(10)
                .uniqueElements(ExposureRequest::object);
    }

    @Provide
    static Arbitrary<List<ExposureGrant>> grants() {
        return Combinators.combine(objects(), targets(), external())
                .as(ExposureGrant::new)
                .list()
                .ofMaxSize(5)
                .uniqueElements(ExposureGrant::object);
    }

    @Provide
    static Arbitrary<List<ExposureIntent>> intents() {
        return Combinators.combine(objects(), targets(), external())
                .as((object, target, address) -> new ExposureIntent(object.uid(), target, address))
                .list()
                .ofMaxSize(5);
    }

    private static Arbitrary<ObjectRef> objects() {
        return Arbitraries.integers().between(0, 9).map(i -> new ObjectRef("shop/" + i, "uid " + i));
    }

    private static Arbitrary<IpAddress> targets() {
        return Arbitraries.integers()
                .between(1, 7)
                .map(i -> IpAddress.parse("10.95.0.0").plus(i));
    }

    /** All of the block and its neighbours, as people write into a status. */
    private static Arbitrary<IpAddress> external() {
        return Arbitraries.integers()
                .between(0, 9)
                .map(i -> IpAddress.parse("10.69.255.255").plus(i));
    }
}
