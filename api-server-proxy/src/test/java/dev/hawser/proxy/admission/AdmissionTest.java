// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final Sources PEERS = Sources.of(
            List.of(Cidr.parse("10.0.0.0/8")),
            List.of(Cidr.parse("10.200.0.0/16")),
            List.of(
                    new Sources.Peer("lisbon", List.of(Cidr.parse("10.71.0.0/16"), Cidr.parse("10.200.4.0/24"))),
                    new Sources.Peer("genoa", List.of(Cidr.parse("10.71.8.0/24"), Cidr.parse("fd01::/48")))));

    private static Rules rules(Sources sources, int tunnels) {
        return new Rules(sources, tunnels, tunnels, tunnels, 1_000_000, 1_000_000, 1000);
    }

    private static IpAddress address(int index) {
        return IpAddress.parse("10.71.0.0").plus(index);
    }

    /** Lets a source take all it can get; says how much that was. */
    private static int fill(Admission admission, IpAddress address) {
        int got = 0;
        while (admission.arrive(address, 0) instanceof Place) {
            got++;
        }
        return got;
    }

    @Test
    void knowsWhoseAnAddressIs() {
        assertThat(PEERS.owner(IpAddress.parse("10.71.1.1"))).isEqualTo("lisbon");
        assertThat(PEERS.owner(IpAddress.parse("10.71.8.1")))
                .as("the longest prefix")
                .isEqualTo("genoa");
        assertThat(PEERS.owner(IpAddress.parse("fd01::9"))).isEqualTo("genoa");
        assertThat(PEERS.owner(IpAddress.parse("10.200.4.1")))
                .as("a peer before a refusal")
                .isEqualTo("lisbon");
        assertThat(PEERS.owner(IpAddress.parse("10.200.5.1"))).as("refused").isNull();
        assertThat(PEERS.owner(IpAddress.parse("10.3.0.1"))).isEqualTo(Sources.OTHER);
        assertThat(PEERS.owner(IpAddress.parse("192.0.2.1"))).as("of nobody").isNull();
        assertThat(Sources.EVERYBODY.owner(IpAddress.parse("192.0.2.1"))).isEqualTo(Sources.OTHER);
    }

    @Test
    void keepsPlacesForOthersHoweverGreedyOneIs() {
        Admission admission = new Admission(rules(Sources.EVERYBODY, 1600));

        assertThat(fill(admission, address(1))).isEqualTo(1500);
        assertThat(admission.arrive(address(1), 0))
                .isEqualTo(new Verdict.Denied(Denial.SOURCE_SHARE, Sources.OTHER, 1));
        assertThat(fill(admission, address(2))).isEqualTo(50);
        assertThat(fill(admission, address(3))).isEqualTo(25);
    }

    @Test
    void givesEqualSharesToThoseWhoAreEquallyGreedy() {
        Admission admission = new Admission(rules(Sources.EVERYBODY, 4000));
        int[] got = new int[50];
        boolean any = true;
        while (any) {
            any = false;
            for (int i = 0; i < got.length; i++) {
                if (admission.arrive(address(i), 0) instanceof Place) {
                    got[i]++;
                    any = true;
                }
            }
        }

        assertThat(got).containsOnly(78, 79);
    }

    @Test
    void keepsPlacesForOtherPeersAndForTheSiblingsOfAGreedySource() {
        Admission admission = new Admission(rules(PEERS, 1600));

        // A peer's part ends at 15/16 of all, one source's at 15/16 of that.
        assertThat(fill(admission, IpAddress.parse("10.71.0.1"))).isEqualTo(1407);
        assertThat(fill(admission, IpAddress.parse("10.71.0.2"))).isEqualTo(47);
        assertThat(fill(admission, IpAddress.parse("10.71.8.1"))).isPositive();
        // A stranger counts fourfold, and still gets something.
        assertThat(fill(admission, IpAddress.parse("10.3.0.1"))).isBetween(1, 30);
    }

    @Test
    void neverRunsAtMoreThanTheRateAndForgivesAPause() {
        Rules rules = new Rules(Sources.EVERYBODY, 1000, 1000, 1000, 10, 5, 1000);
        Admission admission = new Admission(rules);
        long second = TimeUnit.SECONDS.toNanos(1);

        int first = 0;
        for (long now = 0; now < 10 * second; now += second / 100) {
            first += admission.arrive(address(1), now) instanceof Place ? 1 : 0;
        }
        assertThat(first).isEqualTo(104);
        assertThat(admission.arrive(address(1), 10 * second)).isInstanceOf(Place.class);
        assertThat(admission.arrive(address(1), 10 * second))
                .isEqualTo(new Verdict.Denied(Denial.RATE, Sources.OTHER, 1));
        assertThat(admission.arrive(address(2), 10 * second)).isInstanceOf(Place.class);
    }

    @Test
    void remembersOnlySoManyWhoAreGone() {
        Admission admission = new Admission(rules(Sources.EVERYBODY, 100_000));
        for (int i = 0; i < 20_000; i++) {
            if (admission.arrive(address(i), i) instanceof Place place && i % 10 != 0) {
                place.release();
            }
        }

        assertThat(admission.remembered()).isEqualTo(2000 + Tally.IDLE);
    }

    @Test
    void movesASourceToItsNewPeerWhenItIsIdle() {
        Admission admission = new Admission(rules(PEERS, 100));
        Place place = (Place) admission.arrive(address(1), 0);
        admission.rules(rules(Sources.of(List.of(Cidr.parse("10.0.0.0/8")), List.of(), List.of()), 100));

        assertThat(((Place) admission.arrive(address(1), 1)).peer()).isEqualTo("lisbon");
        Admission idle = new Admission(rules(PEERS, 100));
        ((Place) idle.arrive(address(1), 0)).release();
        idle.rules(rules(Sources.of(List.of(Cidr.parse("10.0.0.0/8")), List.of(), List.of()), 100));
        assertThat(((Place) idle.arrive(address(1), 1)).peer()).isEqualTo(Sources.OTHER);
        place.release();
        place.release();
        assertThat(admission.tunnels()).isEqualTo(1);
    }

    @Test
    void admitsNobodyOnceItDrains() {
        Admission admission = new Admission(rules(Sources.EVERYBODY, 100));
        Place place = (Place) admission.arrive(address(1), 0);
        admission.drain();

        assertThat(admission.arrive(address(2), 0)).isEqualTo(new Verdict.Denied(Denial.DRAINING, Sources.OTHER, 1));
        assertThat(place.dial()).as("who is in goes on").isTrue();
    }

    @Test
    void refusesRulesThatAdmitNobody() {
        assertThatThrownBy(() -> new Rules(Sources.EVERYBODY, 0, 1, 1, 1, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Rules(Sources.EVERYBODY, 1, 1, 1, 0, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
