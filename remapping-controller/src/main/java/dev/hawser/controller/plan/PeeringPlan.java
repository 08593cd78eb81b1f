// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.ObjectName;
import dev.hawser.api.networking.ConfigurationSpec;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.Latency;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.LocalRanges;
import dev.hawser.api.networking.PeerAPIServer;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.api.networking.RemoteRanges;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** One Peering: what its objects should be, and what to do where they are not. Pure. */
public final class PeeringPlan {
    /** Keeps the mapping of a NAT alive; the value that WireGuard's authors recommend for it. */
    private static final int KEEPALIVE_BEHIND_NAT = 25;

    private final PeeringObserved seen;
    private final PeeringSpec spec;
    private final Instant now;
    private final List<Action> actions = new ArrayList<>();

    private PeeringPlan(PeeringObserved seen, Instant now) {
        this.seen = seen;
        this.spec = seen.peering().spec();
        this.now = now;
    }

    /** What to do, in order; empty if all is as it should be. */
    public static List<Action> actions(PeeringObserved seen, Instant now) {
        PeeringPlan plan = new PeeringPlan(seen, now);
        try {
            plan.plan();
        } catch (IllegalArgumentException unreadable) {
            plan.actions.clear();
            plan.status(
                    new Verdict.Fails("Unreadable", unreadable.getMessage() + "; correct the Peering's spec"),
                    Optional.empty());
        }
        return plan.actions;
    }

    /** What to do while this cluster does not know who it is. */
    public static List<Action> withoutGateway(Seen<PeeringSpec, PeeringStatus> peering, Instant now) {
        PeeringStatus old = peering.status();
        Conditions conditions = PeeringConditions.withoutGateway(peering, now);
        PeeringStatus status = old == null
                ? new PeeringStatus(null, null, null, null, null, conditions.toList(), peering.generation())
                : new PeeringStatus(
                        old.apiServer(),
                        old.peerVersion(),
                        old.connection(),
                        old.latency(),
                        old.advertised(),
                        conditions.toList(),
                        peering.generation());
        List<Action> actions = new ArrayList<>();
        if (!status.equals(old)) {
            actions.add(new Action.PutPeeringStatus(status));
            PeeringConditions.news(old, conditions).ifPresent(actions::add);
        }
        return actions;
    }

    /** Where the peer's API server proxy is dialled from here, once its external range has a name. */
    public static Optional<ProxyAddress> apiServer(PeeringObserved seen) {
        PeeringPlan plan = new PeeringPlan(seen, Instant.EPOCH);
        try {
            return plan.proxy(plan.claims(Role.EXTERNAL));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private void plan() {
        if (seen.peerID().equals(seen.own().clusterID())) {
            throw new IllegalArgumentException("\"" + seen.peerID() + "\" is this cluster's own ID");
        }
        List<RangeClaim> pods = claims(Role.POD);
        List<RangeClaim> externals = claims(Role.EXTERNAL);
        // In the order of granting: the ledger may look while only some of them stand, and the names must not depend on
        // it.
        Stream.concat(pods.stream(), externals.stream())
                .sorted(Comparator.comparing(RangeClaim::owner))
                .forEach(this::claim);
        RemappedRanges remaps = new RemappedRanges(remaps(pods), remaps(externals));
        boolean complete = remaps.podCIDRs().size() == pods.size()
                && remaps.externalCIDRs().size() == externals.size();
        configuration(pods, externals, remaps, complete);
        if (complete) {
            connection();
        }
        if (!seen.admitted()) {
            actions.add(new Action.AdmitPeer());
        }
        actions.addAll(AdvertisementPlan.actions(seen, remaps));
        Optional<ProxyAddress> proxy = proxy(externals);
        kubeconfig(proxy);
        status(PeeringConditions.network(seen, networkProblem(pods, externals), complete), proxy);
    }

    private List<RangeClaim> claims(Role role) {
        return RangeClaim.of(spec, seen.own(), role, seen.succession(role));
    }

    private List<Overlap> former(Role role, List<RangeClaim> present) {
        return Overlap.of(seen, role, present.stream().map(RangeClaim::cidr).toList(), now);
    }

    private void claim(RangeClaim claim) {
        Seen<NetworkSpec, NetworkStatus> network = seen.networks().get(claim.network());
        if (network == null || !network.spec().equals(claim.spec())) {
            actions.add(new Action.ClaimNetwork(claim.network(), claim.spec()));
        }
    }

    private List<RemappedRange> remaps(List<RangeClaim> claims) {
        List<RemappedRange> remaps = new ArrayList<>();
        for (RangeClaim claim : claims) {
            granted(claim)
                    .ifPresent(
                            block -> remaps.add(new RemappedRange(claim.cidr().toString(), block.toString())));
        }
        return remaps;
    }

    /** The name of a range; one that cannot stand for it (somebody's hand) counts as none until it is repaired. */
    private Optional<Cidr> granted(RangeClaim claim) {
        return Optional.ofNullable(seen.networks().get(claim.network()))
                .filter(network -> network.status() != null
                        && Conditions.of(network.status().conditions()).holds("Ready"))
                .flatMap(
                        network -> new BlockPlan.Claim(claim.network(), network.uid(), network.spec(), network.status())
                                .recorded())
                .filter(block -> block.family() == claim.cidr().family()
                        && block.prefixLength() == claim.cidr().prefixLength());
    }

    private Optional<Verdict> networkProblem(List<RangeClaim> pods, List<RangeClaim> externals) {
        if (externals.isEmpty()) {
            return Optional.of(new Verdict.Fails(
                    "NoCommonFamily",
                    "the peer's external ranges " + spec.externalCIDRs() + " are of no family that this cluster has;"
                            + " give ClusterGateway this ranges of that family"));
        }
        List<RangeClaim> all = new ArrayList<>(pods);
        all.addAll(externals);
        return all.stream()
                .map(claim -> seen.networks().get(claim.network()))
                .filter(Objects::nonNull)
                .map(Seen::status)
                .filter(Objects::nonNull)
                .flatMap(status -> PeeringConditions.problem(status.conditions()).stream())
                .findFirst();
    }

    private void configuration(
            List<RangeClaim> pods, List<RangeClaim> externals, RemappedRanges remaps, boolean complete) {
        ConfigurationSpec wanted = new ConfigurationSpec(
                new LocalRanges(
                        OwnCluster.texts(seen.own().podCidrs()),
                        OwnCluster.texts(seen.own().externalCidrs())),
                new RemoteRanges(
                        seen.peerID(),
                        OwnCluster.texts(pods.stream().map(RangeClaim::cidr).toList()),
                        OwnCluster.texts(
                                externals.stream().map(RangeClaim::cidr).toList())));
        Optional<Seen<ConfigurationSpec, ConfigurationStatus>> is = seen.configuration();
        if (is.isEmpty() || !is.get().spec().equals(wanted)) {
            actions.add(new Action.PutConfiguration(wanted));
        }
        // A status needs its object; it follows at the event that the object makes.
        is.ifPresent(configuration -> {
            ConfigurationStatus status = configurationStatus(
                    configuration, remaps, former(Role.POD, pods), former(Role.EXTERNAL, externals), complete);
            if (!status.equals(configuration.status())) {
                actions.add(new Action.PutConfigurationStatus(status));
            }
        });
    }

    private ConfigurationStatus configurationStatus(
            Seen<ConfigurationSpec, ConfigurationStatus> is,
            RemappedRanges remaps,
            List<Overlap> formerPods,
            List<Overlap> formerExternals,
            boolean complete) {
        ConfigurationStatus old = is.status();
        Verdict ready = complete
                ? new Verdict.Holds("Remapped", "every range of the peer has a name here")
                : new Verdict.Fails("RemapPending", "a range of the peer has no name here yet; see its Network");
        return new ConfigurationStatus(
                new RemappedRanges(
                        Overlap.join(remaps.podCIDRs(), formerPods),
                        Overlap.join(remaps.externalCIDRs(), formerExternals)),
                Stream.concat(formerPods.stream(), formerExternals.stream())
                        .map(Overlap::told)
                        .toList(),
                remaps.podCIDRs().stream().map(RemappedRange::remapped).toList(),
                remaps.externalCIDRs().stream().map(RemappedRange::remapped).toList(),
                Conditions.of(old == null ? List.of() : old.conditions())
                        .with("Ready", ready, is.generation(), now)
                        .toList(),
                is.generation());
    }

    private void connection() {
        ConnectionSpec wanted = new ConnectionSpec(
                seen.peerID(),
                // Without a key of the peer the gateway neither opens nor seals anything: that is the pause.
                seen.paused() ? List.of() : keys(),
                seen.paused() ? List.of() : endpoints(),
                null,
                seen.own().endpoints().isEmpty() ? KEEPALIVE_BEHIND_NAT : null);
        if (seen.connection().isEmpty() || !seen.connection().get().spec().equals(wanted)) {
            actions.add(new Action.PutConnection(wanted));
        }
    }

    /** A peer that changes its key says so in-band; what only the bundle names may be a key that it is to have next. */
    private List<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        seen.learned().ifPresent(learned -> keys.addAll(learned.publicKeys()));
        List<String> retired =
                seen.learned().map(LearnedAdvertisement::retiredKeys).orElse(List.of());
        spec.publicKeys().stream().filter(key -> !retired.contains(key)).forEach(keys::add);
        return List.copyOf(keys);
    }

    /**
     * Unlike a key, an old endpoint opens nothing, and trying it costs a datagram. So those of the bundle stay: where a peer
     * announces one that nobody reaches, they are the way back.
     */
    private List<String> endpoints() {
        Set<String> endpoints = new LinkedHashSet<>(spec.endpoints());
        seen.learned().ifPresent(learned -> endpoints.addAll(learned.endpoints()));
        return List.copyOf(endpoints);
    }

    /** Where the peer still tells the address that its proxy had in the range it has left, that one leads there, too. */
    private Optional<ProxyAddress> proxy(List<RangeClaim> claims) {
        List<RemappedRange> externals = Overlap.join(remaps(claims), former(Role.EXTERNAL, claims));
        ProxyAddress told = seen.learned().map(LearnedAdvertisement::proxy).orElse(spec.proxy());
        if (told == null) {
            return Optional.empty();
        }
        IpAddress there = IpAddress.parse(told.address());
        return RangeNames.of(externals).nameOf(there).map(here -> new ProxyAddress(here.toString(), told.port()));
    }

    private void kubeconfig(Optional<ProxyAddress> proxy) {
        if (proxy.isPresent() && spec.apiServer() != null) {
            String text = Kubeconfig.text(seen.peerID(), spec.apiServer(), proxy.get());
            if (!seen.kubeconfig().equals(Optional.of(text))) {
                actions.add(new Action.PutKubeconfig(text));
            }
        }
    }

    private void status(Verdict network, Optional<ProxyAddress> proxy) {
        PeeringStatus old = seen.peering().status();
        Conditions conditions = PeeringConditions.all(seen, network, now);
        Optional<ConnectionStatus> connection = seen.connection().map(Seen::status);
        Latency latency = connection.map(ConnectionStatus::latency).orElse(null);
        PeerAPIServer apiServer = proxy.map(address -> new PeerAPIServer(
                        address.address(),
                        Kubeconfig.proxyURL(address),
                        spec.apiServer() == null ? null : new ObjectName(ObjectNames.kubeconfigSecret(seen.peerID()))))
                .orElse(null);
        PeeringStatus status = new PeeringStatus(
                apiServer,
                seen.learned().map(LearnedAdvertisement::version).orElse(spec.version()),
                connection.map(ConnectionStatus::phase).map(Enum::name).orElse(null),
                latency == null ? null : latency.p50(),
                seen.learned().orElse(null),
                conditions.toList(),
                seen.peering().generation());
        if (!status.equals(old)) {
            actions.add(new Action.PutPeeringStatus(status));
            PeeringConditions.news(old, conditions).ifPresent(actions::add);
        }
    }
}
