// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.networking.RemappedRange;
import dev.hawser.controller.explain.Explanation.Inbound;
import dev.hawser.controller.explain.Fabric.Site;
import dev.hawser.controller.plan.ClusterObjects;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** In random fabrics whose clusters share ranges, what is explained on one side is what the remaps do, and what the other side says. */
class ExplanationPropertyTest {
    private static final int SAMPLES = 20;
    private static final List<String> PODS = List.of("10.200.0.0/16", "10.201.0.0/16", "10.64.0.0/12", "10.128.0.0/20");
    private static final List<String> PODS_V6 = List.of("fd00:10:200::/56", "fd00:10:201::/56", "fd01::/48");
    private static final List<String> EXTERNALS = List.of("10.40.0.0/16", "10.41.0.0/24", "172.20.0.0/22");
    private static final List<String> EXTERNALS_V6 = List.of("fd00:10:70::/112", "fd00:10:71::/120");

    @Property(tries = 80)
    void everyPodAndExposureIsReachedByTheNameThatIsExplained(@ForAll long seed) {
        Random random = new Random(seed);
        Fabric fabric = fabric(random);
        for (int i = 0; i < SAMPLES; i++) {
            Site owner = any(random, fabric.sites());
            boolean exposed = !owner.exposed().isEmpty() && random.nextBoolean();
            IpAddress local = exposed ? any(random, owner.exposed()) : inside(random, any(random, owner.pods()));
            IpAddress truth = exposed ? owner.external(local) : local;
            Explanation said = Explainer.explain(fabric.objects(owner.id()), local);
            assertThat(said.inbound()).hasSize(fabric.sites().size() - 1);
            for (Inbound inbound : said.inbound()) {
                Optional<IpAddress> expected = remaps(fabric, inbound.peer(), owner).stream()
                        .filter(remap -> remap.covers(truth))
                        .map(remap -> remap.apply(truth))
                        .findFirst();
                assertThat(inbound.dials())
                        .as("%s of %s at %s", local, owner.id(), inbound.peer())
                        .isEqualTo(expected);
                expected.ifPresent(name -> assertLeads(fabric.objects(inbound.peer()), name, owner, truth));
            }
        }
    }

    @Property(tries = 80)
    void everyNameLeadsWhereTheRemapSends(@ForAll long seed) {
        Random random = new Random(seed);
        Fabric fabric = fabric(random);
        for (int i = 0; i < SAMPLES; i++) {
            Site here = any(random, fabric.sites());
            Site peer = any(random, fabric.sites());
            List<Remap> remaps = here.equals(peer) ? List.of() : remaps(fabric, here.id(), peer);
            if (!remaps.isEmpty()) {
                Remap remap = any(random, remaps);
                IpAddress name = inside(random, remap.to());
                Explanation said = Explainer.explain(fabric.objects(here.id()), name);
                assertThat(said.here().getFirst().truth())
                        .contains(remap.inverse().apply(name));
                assertThat(said.here().getFirst().peer()).contains(peer.id());
            }
        }
    }

    /** The other side, asked about the name, tells the same pair of addresses. */
    private static void assertLeads(ClusterObjects objects, IpAddress name, Site owner, IpAddress truth) {
        Explanation there = Explainer.explain(objects, name);
        assertThat(there.here().getFirst().peer()).contains(owner.id());
        assertThat(there.here().getFirst().truth()).contains(truth);
        assertThat(there.outbound().dial()).contains(name);
        assertThat(there.outbound().arrivesAs()).contains(truth);
    }

    private static List<Remap> remaps(Fabric fabric, String namer, Site owner) {
        List<RemappedRange> ranges =
                new ArrayList<>(fabric.names(fabric.site(namer), owner).podCIDRs());
        ranges.addAll(fabric.names(fabric.site(namer), owner).externalCIDRs());
        return ranges.stream()
                .map(range -> new Remap(Cidr.parse(range.cidr()), Cidr.parse(range.remapped())))
                .toList();
    }

    private static Fabric fabric(Random random) {
        int clusters = 2 + random.nextInt(3);
        Site[] sites = new Site[clusters];
        for (int i = 0; i < clusters; i++) {
            sites[i] = site(random, "cluster-" + i);
        }
        return new Fabric(sites);
    }

    /** Always IPv4, often IPv6 too; ranges are few, so that clusters have the same. */
    private static Site site(Random random, String id) {
        boolean dualStack = random.nextInt(3) > 0;
        List<Cidr> pods = new ArrayList<>();
        pods.add(Cidr.parse(any(random, PODS)));
        List<Cidr> externals = new ArrayList<>();
        externals.add(Cidr.parse(any(random, EXTERNALS)));
        List<IpAddress> exposed = new ArrayList<>();
        int exposures = random.nextInt(4);
        for (int i = 0; i < exposures; i++) {
            exposed.add(IpAddress.parse("10.96.7." + (10 + i)));
        }
        if (dualStack) {
            pods.add(Cidr.parse(any(random, PODS_V6)));
            externals.add(Cidr.parse(any(random, EXTERNALS_V6)));
            exposed.add(IpAddress.parse("fd00:10:96::7"));
        }
        return new Site(id, pods, List.of(Cidr.parse("10.96.0.0/16")), externals, exposed);
    }

    private static IpAddress inside(Random random, Cidr range) {
        long offset = range.hostBits() > 62 ? random.nextLong(1L << 62) : random.nextLong(1L << range.hostBits());
        return range.network().plus(offset);
    }

    private static <T> T any(Random random, List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}
