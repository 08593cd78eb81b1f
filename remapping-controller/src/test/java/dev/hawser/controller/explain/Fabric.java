// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.explain;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.IPSpec;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.PoolSpec;
import dev.hawser.api.ipam.PortRule;
import dev.hawser.api.ipam.Protocol;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.ExposureAdvertisement;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.controller.plan.ClusterObjects;
import dev.hawser.controller.plan.MappingPreview;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Clusters that all have each other as peers, as their objects are when everything has settled: the names are those that
 * the plans of the controller grant.
 */
final class Fabric {
    private static final PoolSpec POOL = new PoolSpec(List.of("10.0.0.0/8", "fd00::/8"), List.of("10.250.0.0/16"));

    /**
     * A cluster by itself.
     *
     * @param exposed local addresses that its IPs expose to everybody, in the order of their external addresses
     */
    record Site(String id, List<Cidr> pods, List<Cidr> services, List<Cidr> externals, List<IpAddress> exposed) {
        OwnCluster own() {
            return new OwnCluster(id, pods, services, externals, List.of(), List.of("key-" + id), List.of(), List.of());
        }

        PeeringSpec bundle() {
            return new PeeringSpec(
                    id,
                    List.of("key-" + id),
                    List.of(),
                    texts(pods),
                    texts(externals),
                    new ProxyAddress(externals.getFirst().network().plus(2).toString(), 8118),
                    null,
                    null,
                    null,
                    null,
                    null);
        }

        /** The external address of an exposed one. */
        IpAddress external(IpAddress local) {
            Cidr cidr = externals.stream()
                    .filter(range -> range.family() == local.family())
                    .findFirst()
                    .orElseThrow();
            return cidr.network().plus(3L + exposed.indexOf(local));
        }

        List<ClusterObjects.Exposure> exposures() {
            return exposed.stream()
                    .map(local -> exposure(this, local, List.of("*")))
                    .toList();
        }
    }

    private final Map<String, Site> sites = new TreeMap<>();
    private final Map<String, List<MappingPreview.Line>> plans = new HashMap<>();
    private final Map<String, ClusterObjects> objects = new HashMap<>();

    Fabric(Site... sites) {
        for (Site site : sites) {
            this.sites.put(site.id(), site);
        }
    }

    List<Site> sites() {
        return List.copyOf(sites.values());
    }

    Site site(String id) {
        return Objects.requireNonNull(sites.get(id), id);
    }

    /** The clusters of the acceptance case: identical ranges, of both families. */
    static Fabric twins() {
        return new Fabric(twin("genoa"), twin("3rd-lisbon"));
    }

    private static Site twin(String id) {
        return new Site(
                id,
                List.of(Cidr.parse("10.200.0.0/16"), Cidr.parse("fd00:10:200::/56")),
                List.of(Cidr.parse("10.95.0.0/16"), Cidr.parse("fd00:10:95::/112")),
                List.of(Cidr.parse("10.70.0.0/16"), Cidr.parse("fd00:10:70::/112")),
                List.of(IpAddress.parse("10.95.245.141"), IpAddress.parse("fd00:10:95::141")));
    }

    /** What stands in a cluster. */
    ClusterObjects objects(String id) {
        return objects.computeIfAbsent(id, _ -> objects(site(id)));
    }

    private ClusterObjects objects(Site site) {
        List<ClusterObjects.Peer> peers = new ArrayList<>();
        for (Site other : sites()) {
            if (!other.equals(site)) {
                peers.add(new ClusterObjects.Peer(other.bundle(), status(site, other), configuration(site, other)));
            }
        }
        return new ClusterObjects(
                site.own(), Optional.of(POOL), List.of(), List.of(), peers, site.exposures(), List.of(), List.of());
    }

    /** The ranges of a cluster and what another one calls them, as that one's controller grants them. */
    RemappedRanges names(Site namer, Site owner) {
        List<RemappedRange> pods = new ArrayList<>();
        List<RemappedRange> externals = new ArrayList<>();
        for (MappingPreview.Line line : plans.computeIfAbsent(namer.id(), _ -> plan(namer))) {
            if (line.clusterID().equals(owner.id())) {
                (line.role() == Role.POD ? pods : externals)
                        .add(new RemappedRange(
                                line.from().toString(), line.to().orElseThrow().toString()));
            }
        }
        return new RemappedRanges(pods, externals);
    }

    private List<MappingPreview.Line> plan(Site here) {
        List<PeeringSpec> peerings = sites().stream()
                .filter(site -> !site.equals(here))
                .map(Site::bundle)
                .toList();
        ClusterObjects fresh = new ClusterObjects(
                here.own(), Optional.of(POOL), List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
        return MappingPreview.of(fresh, peerings);
    }

    private ConfigurationStatus configuration(Site here, Site peer) {
        return new ConfigurationStatus(names(here, peer), List.of(), List.of(), List.of(), List.of(), 1L);
    }

    /** Connected, and the peer has told what it calls us and what it exposes. */
    private PeeringStatus status(Site here, Site peer) {
        List<ExposureAdvertisement> told = peer.exposures().stream()
                .map(exposure -> new ExposureAdvertisement(
                        exposure.namespace(),
                        exposure.name(),
                        exposure.addresses().getFirst().external().toString(),
                        List.of(),
                        exposure.spec().ports()))
                .toList();
        LearnedAdvertisement learned = new LearnedAdvertisement(
                "uid", 1, List.of(), List.of(), List.of(), null, names(peer, here), null, null, told);
        return new PeeringStatus(null, null, "Connected", null, learned, List.of(), 1L);
    }

    static ClusterObjects.Exposure exposure(Site site, IpAddress local, List<String> peers) {
        return new ClusterObjects.Exposure(
                "default",
                "exposed-" + site.exposed().indexOf(local),
                new IPSpec(null, local.toString(), null, List.of(new PortRule(Protocol.TCP, 8118)), peers, null),
                new IPStatus(
                        local.toString(),
                        List.of(local.toString()),
                        site.external(local).toString(),
                        List.of(site.external(local).toString()),
                        Map.of(),
                        List.of(),
                        Conditions.of(List.of())
                                .with("Ready", new Verdict.Holds("Exposed", ""), 1, Instant.EPOCH)
                                .toList(),
                        1L));
    }

    private static List<String> texts(List<Cidr> cidrs) {
        return cidrs.stream().map(Cidr::toString).toList();
    }
}
