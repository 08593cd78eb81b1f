// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.admission;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Admission against an oracle that keeps the list of everything that ever happened and counts it anew each time. */
class AdmissionPropertyTest {
    private static final Sources SOURCES = Sources.of(
            List.of(Cidr.parse("10.0.0.0/8")),
            List.of(Cidr.parse("10.9.0.0/16")),
            List.of(
                    new Sources.Peer("lisbon", List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("10.9.1.0/24"))),
                    new Sources.Peer("genoa", List.of(Cidr.parse("10.2.0.0/16")))));
    private static final List<IpAddress> ADDRESSES = List.of(
            IpAddress.parse("10.1.0.1"),
            IpAddress.parse("10.1.0.2"),
            IpAddress.parse("10.2.0.1"),
            IpAddress.parse("10.2.0.2"),
            IpAddress.parse("10.9.1.1"),
            IpAddress.parse("10.9.2.1"),
            IpAddress.parse("10.3.0.1"),
            IpAddress.parse("192.0.2.1"),
            IpAddress.parse("fd00::1"));

    /** What is done next: somebody arrives, or the holder of some place dials, is done with that, or leaves. */
    record Step(int kind, int which, long pause) {}

    /** Somebody who came in. */
    private static final class Guest {
        final Place place;
        final int address;
        boolean dialling;
        boolean gone;

        Guest(Place place, int address) {
            this.place = place;
            this.address = address;
        }
    }

    @Provide
    Arbitrary<Rules> rules() {
        Arbitrary<Integer> small = Arbitraries.integers().between(1, 40);
        return Combinators.combine(Arbitraries.of(SOURCES, Sources.EVERYBODY), small, small, small, small, small, small)
                .as(Rules::new);
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        Arbitrary<Step> step = Combinators.combine(
                        Arbitraries.frequency(Tuple.of(6, 0), Tuple.of(2, 1), Tuple.of(2, 2), Tuple.of(2, 3)),
                        Arbitraries.integers().between(0, 1000),
                        Arbitraries.longs().between(0, TimeUnit.MILLISECONDS.toNanos(60)))
                .as(Step::new);
        return step.list().ofMinSize(1).ofMaxSize(250);
    }

    @Property(tries = 300)
    void decidesLikeSomebodyWhoCountsEverythingAnew(
            @ForAll("rules") Rules rules, @ForAll("steps") List<Step> steps, @ForAll long begin) {
        Admission admission = new Admission(rules);
        List<Guest> guests = new ArrayList<>();
        List<long[]> admitted = new ArrayList<>();
        long now = begin;
        for (Step step : steps) {
            now += step.pause();
            if (step.kind() == 0) {
                int who = step.which() % ADDRESSES.size();
                Denial expected = oracle(rules, guests, admitted, who, now);
                switch (admission.arrive(ADDRESSES.get(who), now)) {
                    case Place place -> {
                        assertThat(expected).isNull();
                        guests.add(new Guest(place, who));
                        admitted.add(new long[] {who, now});
                    }
                    case Verdict.Denied denied -> assertThat(denied.denial()).isEqualTo(expected);
                }
            } else if (!guests.isEmpty()) {
                act(rules, guests, guests.get(step.which() % guests.size()), step.kind());
            }
            assertThat(admission.tunnels()).isEqualTo((int)
                    guests.stream().filter(guest -> !guest.gone).count());
        }
    }

    private static void act(Rules rules, List<Guest> guests, Guest guest, int kind) {
        switch (kind) {
            case 1 -> {
                if (!guest.dialling) {
                    long dialling =
                            guests.stream().filter(each -> each.dialling).count();
                    long own = guests.stream()
                            .filter(each -> each.dialling && each.address == guest.address)
                            .count();
                    boolean expected = !guest.gone && fair(rules.pendingDials(), dialling, own);
                    assertThat(guest.place.dial()).isEqualTo(expected);
                    guest.dialling = expected;
                }
            }
            case 2 -> {
                guest.place.dialled();
                guest.dialling = false;
            }
            default -> {
                guest.place.release();
                guest.dialling = false;
                guest.gone = true;
            }
        }
    }

    private static @Nullable Denial oracle(Rules rules, List<Guest> guests, List<long[]> admitted, int who, long now) {
        String peer = owner(rules, who);
        if (peer == null) {
            return Denial.SOURCE;
        }
        if (!conforms(rules, admitted, who, now)) {
            return Denial.RATE;
        }
        long source = guests.stream()
                .filter(each -> !each.gone && each.address == who)
                .count();
        long all = guests.stream().filter(each -> !each.gone).count();
        if (source >= rules.tunnelsPerSource()) {
            return Denial.SOURCE_TUNNELS;
        }
        if (all >= rules.tunnels()) {
            return Denial.TUNNELS;
        }
        if (rules.sources().everybody()) {
            return fair(rules.tunnels(), all, source) ? null : Denial.SOURCE_SHARE;
        }
        long ofPeer = guests.stream()
                .filter(each -> !each.gone && peer.equals(owner(rules, each.address)))
                .count();
        int most = Math.min(rules.tunnelsPerPeer(), rules.tunnels() - rules.tunnels() / 16);
        if (ofPeer >= most) {
            return Denial.PEER_TUNNELS;
        }
        if (!fair(most, ofPeer, source)) {
            return Denial.SOURCE_SHARE;
        }
        long weight = peer.equals(Sources.OTHER) ? 4 : 1;
        return fair(rules.tunnels(), all, ofPeer * weight) ? null : Denial.PEER_SHARE;
    }

    private static boolean fair(int places, long taken, long held) {
        long free = places - taken;
        return free > 0 && (free > places / 16 || held < free);
    }

    /** Whose the address is, by looking at each range. */
    private static @Nullable String owner(Rules rules, int who) {
        if (rules.sources().everybody()) {
            return Sources.OTHER;
        }
        return switch (who) {
            case 0, 1, 4 -> "lisbon";
            case 2, 3 -> "genoa";
            case 6 -> Sources.OTHER;
            default -> null;
        };
    }

    /** A bucket of tokens, filled anew from the beginning of time: counted in time, as whole tokens are not exact. */
    private static boolean conforms(Rules rules, List<long[]> admitted, int who, long now) {
        long interval = TimeUnit.SECONDS.toNanos(1) / rules.connectsPerSecond();
        long full = interval * rules.connectBurst();
        long level = full;
        long last = 0;
        boolean any = false;
        for (long[] each : admitted) {
            if (each[0] == who) {
                level = any ? Math.min(full, level + (each[1] - last)) : full;
                level -= interval;
                last = each[1];
                any = true;
            }
        }
        level = any ? Math.min(full, level + (now - last)) : full;
        return level >= interval;
    }
}
