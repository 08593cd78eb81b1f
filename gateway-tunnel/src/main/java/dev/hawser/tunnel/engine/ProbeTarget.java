// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.probe.HealthReport;
import dev.hawser.tunnel.probe.HealthReport.State;
import dev.hawser.tunnel.probe.PathMtuSearch;
import dev.hawser.tunnel.probe.PeerHealth;
import dev.hawser.tunnel.probe.ProbeKey;
import dev.hawser.tunnel.probe.RoundTrips;
import dev.hawser.tunnel.session.TransportSession;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One peer as the probes see it: its gateway addresses, the keys for every pair of static ones, and what is known of it.
 * Confined to the control thread.
 */
final class ProbeTarget {
    /** IPv6 asks every link for as much (RFC 8200, section 5). */
    static final int IPV6_LEAST = 1280;

    private static final long LEAST_PATIENCE = 300_000_000L;
    private static final long MOST_PATIENCE = 1_500_000_000L;

    /** The static keys that a session was made with. */
    private record KeyPair(PublicKey own, PublicKey peer) {}

    /**
     * The peer's gateway in one family.
     *
     * @param local its address as it is known here
     * @param remote its true one
     */
    record Way(IpAddress local, IpAddress remote, PeerHealth health) {}

    private final Map<KeyPair, ProbeKey> keys = new LinkedHashMap<>();
    private final Map<Family, Way> ways = new EnumMap<>(Family.class);
    private final RoundTrips roundTrips;
    private final PathMtuSearch search;
    private @Nullable UdpEndpoint endpoint;
    private boolean searchable;

    /**
     * A target.
     *
     * @param known what was known of this peer under the configuration before
     * @param largest the largest packet the device takes
     * @param curve what keys of probes are agreed on with
     */
    ProbeTarget(
            TunnelConfig config,
            PeerConfig peer,
            @Nullable ProbeTarget known,
            int largest,
            Curve25519 curve,
            RandomGenerator random,
            long now) {
        roundTrips = known == null ? new RoundTrips() : known.roundTrips;
        for (PrivateKey own : config.keys().all()) {
            for (PublicKey theirs : peer.publicKeys()) {
                KeyPair pair = new KeyPair(own.publicKey(), theirs);
                // Agreeing anew on what stays would cost each peer a multiplication whenever one peer changes.
                Optional.ofNullable(known)
                        .map(before -> before.keys.get(pair))
                        .or(() -> ProbeKey.between(own.by(curve), theirs))
                        .ifPresent(key -> keys.put(pair, key));
            }
        }
        for (IpAddress gateway : config.local().gatewayAddresses()) {
            Family family = gateway.family();
            peer.externalRanges().stream()
                    .filter(range -> range.from().family() == family)
                    .findFirst()
                    .ifPresent(range -> ways.putIfAbsent(family, way(range, known, random, now)));
        }
        if (known == null) {
            search = new PathMtuSearch(random.nextLong(), largest, now);
        } else {
            search = known.search;
            endpoint = known.endpoint;
            searchable = known.searchable;
        }
    }

    private Way way(Remap range, @Nullable ProbeTarget known, RandomGenerator random, long now) {
        IpAddress remote = range.from().firstUsable();
        Way before = known == null ? null : known.ways.get(remote.family());
        PeerHealth health = before == null ? new PeerHealth(random.nextLong(), roundTrips, now) : before.health();
        return new Way(range.apply(remote), remote, health);
    }

    Map<Family, Way> ways() {
        return ways;
    }

    Collection<ProbeKey> keys() {
        return keys.values();
    }

    /** Of all families. */
    RoundTrips roundTrips() {
        return roundTrips;
    }

    PathMtuSearch search() {
        return search;
    }

    /**
     * The key to prove a probe with: that of the session it will travel in, because the peer may know only one of two static keys
     * any more, or yet.
     */
    Optional<ProbeKey> keyFor(@Nullable TransportSession session) {
        return Optional.ofNullable(session)
                .map(used -> new KeyPair(used.ownKey(), used.peer().settings().publicKey()))
                .map(keys::get)
                .or(() -> keys.values().stream().findFirst());
    }

    /** Whether no probe of any family returns. */
    boolean isLost() {
        return ways.values().stream().allMatch(way -> way.health().isLost());
    }

    /** Begins the search for the path's MTU anew if the path may be another one. */
    void follow(@Nullable TransportSession session, long now) {
        UdpEndpoint present = session == null ? null : session.peer().endpoint();
        if (present == null || isLost()) {
            searchable = false;
            return;
        }
        if (!searchable || !present.equals(endpoint)) {
            search.restart(now);
        }
        endpoint = present;
        searchable = true;
    }

    /** Whether sizes can be probed at all. */
    boolean isSearchable() {
        return searchable;
    }

    /** How long the answer to a probe of a size is waited for. */
    long patience(long now) {
        long trip = ways.values().stream()
                .flatMap(way -> way.health().report(now).latencyP99().stream())
                .mapToLong(latency -> latency.toNanos())
                .max()
                .orElse(0);
        return Math.clamp(2 * trip, LEAST_PATIENCE, MOST_PATIENCE);
    }

    ProbeReport report(long now) {
        List<HealthReport> reports = new ArrayList<>();
        List<Family> silent = new ArrayList<>();
        ways.forEach((family, way) -> {
            HealthReport report = way.health().report(now);
            reports.add(report);
            if (report.state() == State.LOST) {
                silent.add(family);
            }
        });
        HealthReport first = reports.stream()
                .filter(report -> report.state() != State.LOST)
                .findFirst()
                .orElseGet(reports::getFirst);
        boolean partly = !silent.isEmpty() && silent.size() < ways.size();
        boolean degraded = partly || reports.stream().anyMatch(report -> report.state() == State.DEGRADED);
        State state = first.state() == State.CONNECTED && degraded ? State.DEGRADED : first.state();
        // Of families that differ in it the one that is worse, which is what the state speaks of.
        double loss = reports.stream()
                .filter(report -> report.state() != State.LOST)
                .mapToDouble(HealthReport::loss)
                .max()
                .orElse(first.loss());
        OptionalInt found = search.found();
        return new ProbeReport(
                new HealthReport(state, first.latencyP50(), first.latencyP99(), first.jitter(), loss),
                partly ? silent : List.of(),
                found,
                ways.containsKey(Family.IPV6) && found.isPresent() && found.getAsInt() < IPV6_LEAST);
    }
}
