// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class SuccessionTest {
    private static final List<String> RANGES = List.of(
            "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/20", "10.5.0.0/20", "fd00:1::/56", "fd00:2::/56");

    @Test
    void keepsTheNameOfARangeThatIsReplacedByOneOfItsLength() {
        assertThat(after(cidrs("10.1.0.0/16", "10.4.0.0/20"), cidrs("10.2.0.0/16", "10.4.0.0/20")))
                .isEqualTo(keys("10.2.0.0/16", "10.1.0.0/16", "10.4.0.0/20", "10.4.0.0/20"));
    }

    @Test
    void givesARangeOfAnotherLengthOrFamilyANameOfItsOwn() {
        assertThat(after(cidrs("10.1.0.0/16"), cidrs("10.4.0.0/20", "fd00:1::/56")))
                .isEqualTo(keys("10.4.0.0/20", "10.4.0.0/20", "fd00:1::/56", "fd00:1::/56"));
    }

    @Test
    void doesNotGuessWhichOfTwoCameInsteadOfWhich() {
        assertThat(after(cidrs("10.1.0.0/16", "10.2.0.0/16"), cidrs("10.3.0.0/16", "10.9.0.0/16")))
                .isEqualTo(keys("10.3.0.0/16", "10.3.0.0/16", "10.9.0.0/16", "10.9.0.0/16"));
        assertThat(after(cidrs("10.1.0.0/16"), cidrs("10.3.0.0/16", "10.9.0.0/16")))
                .isEqualTo(keys("10.3.0.0/16", "10.3.0.0/16", "10.9.0.0/16", "10.9.0.0/16"));
    }

    @Test
    void findsAKeyForARangeWhoseOwnStandsForItsSuccessor() {
        assertThat(after(cidrs("10.1.0.0/16"), cidrs("10.2.0.0/16"), cidrs("10.2.0.0/16", "10.1.0.0/16")))
                .isEqualTo(keys("10.2.0.0/16", "10.1.0.0/16", "10.1.0.0/16", "10.2.0.0/16"));
    }

    @Test
    void givesTheNameBackToARangeThatReturns() {
        assertThat(after(cidrs("10.1.0.0/16"), cidrs("10.2.0.0/16"), cidrs("10.1.0.0/16")))
                .isEqualTo(keys("10.1.0.0/16", "10.1.0.0/16"));
    }

    @Test
    void takesNoNameFromARangeThatWasTakenAwayBefore() {
        assertThat(after(
                        cidrs("10.1.0.0/16", "10.4.0.0/20"), cidrs("10.4.0.0/20"), cidrs("10.4.0.0/20", "10.2.0.0/16")))
                .containsEntry(Cidr.parse("10.2.0.0/16"), Cidr.parse("10.2.0.0/16"));
    }

    @Property(tries = 500)
    void givesEveryRangeOneKeyOfItsShapeAndKeepsThoseThatStay(@ForAll("histories") List<Set<String>> history) {
        State state = new State(List.of(), Map.of());
        Map<Cidr, Cidr> before = Map.of();
        for (Set<String> texts : history) {
            List<Cidr> ranges = cidrs(texts.toArray(String[]::new));
            Map<Cidr, Cidr> keys = state.keys(ranges);
            List<Cidr> backwards = new ArrayList<>(ranges);
            Collections.reverse(backwards);

            assertThat(keys.keySet()).containsExactlyInAnyOrderElementsOf(ranges);
            assertThat(keys.values()).doesNotHaveDuplicates();
            keys.forEach((range, key) ->
                    assertThat(RangeHolder.sameShape(range, key)).isTrue());
            before.forEach((range, key) -> {
                if (keys.containsKey(range)) {
                    assertThat(keys).containsEntry(range, key);
                }
            });
            assertThat(state.keys(backwards)).isEqualTo(keys);
            State next = state.after(keys);
            assertThat(next.keys(ranges)).isEqualTo(keys);
            // Networks and Configuration come from two caches, of which one may be behind.
            assertThat(new State(next.holders, state.listed).keys(ranges)).isEqualTo(keys);
            assertThat(new State(state.withNew(next), next.listed).keys(ranges)).isEqualTo(keys);
            before = keys;
            state = next;
        }
    }

    @Provide
    Arbitrary<List<Set<String>>> histories() {
        return Arbitraries.of(RANGES)
                .set()
                .ofMinSize(1)
                .ofMaxSize(4)
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    /** What stands between two changes of the Peering. */
    private record State(List<RangeHolder> holders, Map<Cidr, Cidr> listed) {
        Map<Cidr, Cidr> keys(List<Cidr> ranges) {
            return new Succession(holders, listed).keys(ranges);
        }

        State after(Map<Cidr, Cidr> keys) {
            Map<Cidr, RangeHolder> next = new TreeMap<>();
            holders.forEach(holder -> next.put(holder.key(), holder));
            Map<Cidr, Cidr> names = new HashMap<>();
            keys.forEach((range, key) -> {
                next.put(key, new RangeHolder(key, range, Optional.of(name(key))));
                names.put(range, name(key));
            });
            return new State(List.copyOf(next.values()), names);
        }

        /** The Networks as they were, and those that were made since. */
        List<RangeHolder> withNew(State next) {
            Map<Cidr, RangeHolder> all = new TreeMap<>();
            next.holders.forEach(holder -> all.put(holder.key(), holder));
            holders.forEach(holder -> all.put(holder.key(), holder));
            return List.copyOf(all.values());
        }

        /** Some block that differs from key to key. */
        private static Cidr name(Cidr key) {
            return Cidr.of(key.network().plus(key.family().bits() == 32 ? 1L << 24 : 0), key.prefixLength());
        }
    }

    /** The keys after the peer had these ranges, one after the other. */
    @SafeVarargs
    private static Map<Cidr, Cidr> after(List<Cidr>... history) {
        State state = new State(List.of(), Map.of());
        Map<Cidr, Cidr> keys = Map.of();
        for (List<Cidr> ranges : history) {
            keys = state.keys(ranges);
            state = state.after(keys);
        }
        return keys;
    }

    private static List<Cidr> cidrs(String... texts) {
        return Arrays.stream(texts).map(Cidr::parse).toList();
    }

    private static Map<Cidr, Cidr> keys(String... pairs) {
        Map<Cidr, Cidr> keys = new TreeMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            keys.put(Cidr.parse(pairs[i]), Cidr.parse(pairs[i + 1]));
        }
        return keys;
    }
}
