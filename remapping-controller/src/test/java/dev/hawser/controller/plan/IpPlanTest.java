// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static dev.hawser.controller.plan.Samples.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.IPPeer;
import dev.hawser.api.ipam.IPSpec;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.controller.plan.IpPlan.Ruling;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Reservation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IpPlanTest {
    private static final List<Reservation> GUARDED = List.of(
            new Reservation(Cidr.parse("10.95.0.1/32"), "the API server"),
            new Reservation(Cidr.parse("fd00:10:95::1/128"), "the API server"));
    private static final RemappedRanges THEIR_VIEW = new RemappedRanges(
            List.of(new RemappedRange("10.200.0.0/16", "10.88.0.0/16")),
            List.of(
                    new RemappedRange("10.70.0.0/16", "10.81.0.0/16"),
                    new RemappedRange("fd00:10:70::/112", "fd00:10:81::/112")));

    @ParameterizedTest
    @CsvSource({"127.0.0.1", "169.254.169.254", "224.0.0.1", "0.0.0.0", "10.95.0.1", "10.70.0.9", "::1", "fe80::1"})
    void refusesWhatNobodyMayExpose(IpAddress target) {
        Ruling ruling = IpPlan.rule(observed(target, List.of("*"), List.of()));

        assertThat(ruling).isInstanceOfSatisfying(Ruling.Deny.class, deny -> {
            assertThat(deny.type()).isEqualTo("Refused");
            assertThat(deny.why().message()).contains(target.toString(), "exposeAllowList");
        });
    }

    @Test
    void exposesWhatAnAdministratorAllows() {
        IpAddress metadata = IpAddress.parse("169.254.169.254");

        assertThat(IpPlan.rule(observed(metadata, List.of("*"), List.of(Cidr.parse("169.254.169.254/32")))))
                .isEqualTo(new Ruling.Expose(List.of(metadata)));
    }

    @Test
    void leavesPodsTheirOwnAddress() {
        IpAddress pod = IpAddress.parse("10.200.1.5");
        IpPlan.Observed ip = observed(pod, List.of("3rd-lisbon"), List.of());

        assertThat(IpPlan.rule(ip)).isEqualTo(new Ruling.PodAddress(List.of(pod)));
        IPStatus status = IpPlan.pod(ip, List.of(pod), NOW);
        assertThat(status.externalIP()).isNull();
        assertThat(status.ipMappings()).isEmpty();
        assertThat(status.peers()).containsExactly(new IPPeer("3rd-lisbon", "10.88.1.5", List.of("10.88.1.5"), null));
    }

    @Test
    void mapsForThePeersThatMayUseItAndSaysHowTheyDialIt() {
        IpAddress target = IpAddress.parse("10.95.245.141");

        IPStatus all = exposed(observed(target, List.of("*"), List.of()), NOW);
        IPStatus one = exposed(observed(target, List.of("3rd-lisbon"), List.of()), NOW);
        IPStatus none = exposed(observed(target, List.of(), List.of()), NOW);

        assertThat(all.ipMappings()).containsOnlyKeys("3rd-lisbon", "porto");
        assertThat(all.peers())
                .containsExactly(
                        new IPPeer("3rd-lisbon", "10.81.0.3", List.of("10.81.0.3"), null),
                        new IPPeer("porto", null, List.of(), null));
        assertThat(one.ipMappings()).containsExactlyEntriesOf(Map.of("3rd-lisbon", "10.70.0.3"));
        assertThat(none.ipMappings()).isEmpty();
        assertThat(none.externalIP()).isEqualTo("10.70.0.3");
    }

    @Test
    void exposesADualStackServiceInBothFamilies() {
        List<IpAddress> targets = List.of(IpAddress.parse("10.95.245.141"), IpAddress.parse("fd00:10:95::8d"));
        IpPlan.Observed ip = observed(targets, List.of("3rd-lisbon"), List.of());

        assertThat(IpPlan.rule(ip)).isEqualTo(new Ruling.Expose(targets));
        IPStatus status = IpPlan.exposed(
                ip,
                List.of(
                        new ExposedAddress(targets.get(0), IpAddress.parse("10.70.0.3")),
                        new ExposedAddress(targets.get(1), IpAddress.parse("fd00:10:70::3"))),
                Optional.empty(),
                NOW);

        assertThat(status.ip()).isEqualTo("10.95.245.141");
        assertThat(status.ips()).containsExactly("10.95.245.141", "fd00:10:95::8d");
        assertThat(status.externalIP()).isEqualTo("10.70.0.3");
        assertThat(status.externalIPs()).containsExactly("10.70.0.3", "fd00:10:70::3");
        assertThat(status.ipMappings()).containsExactlyEntriesOf(Map.of("3rd-lisbon", "10.70.0.3"));
        assertThat(status.peers())
                .containsExactly(new IPPeer("3rd-lisbon", "10.81.0.3", List.of("10.81.0.3", "fd00:10:81::3"), null));
        assertThat(ExposedAddress.recorded(status))
                .hasSize(2)
                .element(1)
                .isEqualTo(new ExposedAddress(IpAddress.parse("fd00:10:95::8d"), IpAddress.parse("fd00:10:70::3")));
    }

    @Test
    void refusesAServiceOfWhichOneAddressIsGuarded() {
        List<IpAddress> targets = List.of(IpAddress.parse("10.95.245.141"), IpAddress.parse("fd00:10:95::1"));

        assertThat(IpPlan.rule(observed(targets, List.of("*"), List.of())))
                .isInstanceOfSatisfying(
                        Ruling.Deny.class,
                        deny -> assertThat(deny.why().message()).contains("fd00:10:95::1"));
    }

    @Test
    void readsAStatusOfAVersionThatKnewOneFamily() {
        IPStatus old =
                new IPStatus("10.95.245.141", List.of(), "10.70.0.3", List.of(), Map.of(), List.of(), List.of(), 1L);

        assertThat(ExposedAddress.recorded(old))
                .containsExactly(new ExposedAddress(IpAddress.parse("10.95.245.141"), IpAddress.parse("10.70.0.3")));
    }

    @Test
    void saysWhyThereIsNoAddressAndForgetsItWhenThereIs() {
        IpAddress target = IpAddress.parse("10.95.245.141");
        IpPlan.Observed ip = observed(target, List.of("*"), List.of());
        Ruling.Deny taken = IpPlan.taken(target, "IP default/first");

        IPStatus denied = IpPlan.denied(ip, taken.type(), taken.why(), NOW);

        Conditions conditions = Conditions.of(denied.conditions());
        assertThat(conditions.holds("Conflict")).isTrue();
        assertThat(conditions.find("Ready").orElseThrow().getReason()).isEqualTo("Conflict");
        assertThat(conditions.find("Ready").orElseThrow().getMessage()).contains("IP default/first");
        IPStatus exposed = exposed(with(ip, denied), NOW.plusSeconds(5));
        assertThat(Conditions.of(exposed.conditions()).find("Conflict")).isEmpty();
        assertThat(Conditions.of(exposed.conditions()).holds("Ready")).isTrue();
    }

    @Test
    void waitsForAServiceThatIsNotThere() {
        IpPlan.Observed ip = new IpPlan.Observed(
                "default",
                "web",
                1,
                spec(List.of("*")),
                null,
                Samples.own(List.of()),
                new Target.Absent("NoService", "there is no Service default/web"),
                GUARDED,
                List.of());

        assertThat(IpPlan.rule(ip))
                .isEqualTo(new Ruling.Await(new Verdict.Fails("NoService", "there is no Service default/web")));
    }

    private static IPStatus exposed(IpPlan.Observed ip, Instant now) {
        return IpPlan.exposed(
                ip,
                List.of(new ExposedAddress(IpAddress.parse("10.95.245.141"), IpAddress.parse("10.70.0.3"))),
                Optional.empty(),
                now);
    }

    private static IpPlan.Observed observed(IpAddress target, List<String> admitted, List<Cidr> allowed) {
        return observed(List.of(target), admitted, allowed);
    }

    private static IpPlan.Observed observed(List<IpAddress> targets, List<String> admitted, List<Cidr> allowed) {
        OwnCluster own = Samples.own(List.of());
        OwnCluster allowing = new OwnCluster(
                own.clusterID(),
                own.podCidrs(),
                own.serviceCidrs(),
                own.externalCidrs(),
                allowed,
                own.publicKeys(),
                own.endpoints(),
                own.routes());
        return new IpPlan.Observed(
                "default",
                "web",
                1,
                spec(admitted),
                null,
                allowing,
                new Target.Found(targets),
                GUARDED,
                List.of(new IpPlan.Peer("3rd-lisbon", THEIR_VIEW), new IpPlan.Peer("porto", null)));
    }

    private static IpPlan.Observed with(IpPlan.Observed ip, IPStatus status) {
        return new IpPlan.Observed(
                ip.namespace(),
                ip.name(),
                ip.generation(),
                ip.spec(),
                status,
                ip.own(),
                ip.target(),
                ip.guarded(),
                ip.peers());
    }

    private static IPSpec spec(List<String> admitted) {
        return new IPSpec(null, "192.0.2.1", null, List.of(), admitted, null);
    }
}
