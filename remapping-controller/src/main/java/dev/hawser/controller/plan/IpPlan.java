// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.IPPeer;
import dev.hawser.api.ipam.IPSpec;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Reservation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One exposure: whether it may be, and what its status says. Pure. */
public final class IpPlan {
    private static final String CONFLICT = "Conflict";
    private static final String REFUSED = "Refused";
    private static final String EXHAUSTED = "Exhausted";
    private static final String READY = "Ready";
    private static final RemappedRanges NOT_TOLD = new RemappedRanges(List.of(), List.of());

    /**
     * A peer of this cluster.
     *
     * @param remapOfUs how it names our ranges; absent until it told
     */
    public record Peer(String clusterID, @Nullable RemappedRanges remapOfUs) {}

    /**
     * One IP object and what surrounds it.
     *
     * @param guarded addresses that must not be exposed unless the allow list names them, with whose they are
     * @param peers all peers of this cluster, whether or not they may use it
     */
    public record Observed(
            String namespace,
            String name,
            long generation,
            IPSpec spec,
            @Nullable IPStatus status,
            OwnCluster own,
            Target target,
            List<Reservation> guarded,
            List<Peer> peers) {}

    /** What to do about it. */
    public sealed interface Ruling {
        /** It gets, or keeps, the one external address of each of these local ones. */
        record Expose(List<IpAddress> targets) implements Ruling {}

        /** Peers reach it under its pod addresses; it needs no others. */
        record PodAddress(List<IpAddress> targets) implements Ruling {}

        /** Its target is not there; what it has it keeps. */
        record Await(Verdict.Fails why) implements Ruling {}

        /** It gets nothing. */
        record Deny(String type, Verdict.Fails why) implements Ruling {}
    }

    private IpPlan() {}

    /** Rules on the target; whether an address is left, and nobody else has the target, shows only in the ledger. */
    public static Ruling rule(Observed ip) {
        return switch (ip.target()) {
            case Target.Absent absent -> new Ruling.Await(new Verdict.Fails(absent.reason(), absent.message()));
            case Target.Found found -> rule(ip, found.addresses());
        };
    }

    /**
     * The status of an exposure with an address.
     *
     * @param exposed at least one, the preferred one first
     * @param lacking why a family of the target has none; empty if every one has
     */
    public static IPStatus exposed(Observed ip, List<ExposedAddress> exposed, Optional<String> lacking, Instant now) {
        List<IpAddress> locals = exposed.stream().map(ExposedAddress::local).toList();
        List<IpAddress> externals =
                exposed.stream().map(ExposedAddress::external).toList();
        Map<String, String> mappings = new TreeMap<>();
        List<IPPeer> peers = new ArrayList<>();
        for (Peer peer : admitted(ip)) {
            mappings.put(peer.clusterID(), externals.getFirst().toString());
            peers.add(seenFrom(peer, externals, false));
        }
        String words = exposed.stream()
                .map(pair -> pair.local() + " is " + pair.external() + " to peers")
                .collect(Collectors.joining(", "));
        Verdict ready = new Verdict.Holds(
                "Exposed", words + lacking.map(why -> "; " + why).orElse(""));
        return status(ip, new Content(locals, externals, mappings, peers), READY, ready, now);
    }

    /** The status of an exposure whose target peers reach as a pod. */
    public static IPStatus pod(Observed ip, List<IpAddress> targets, Instant now) {
        List<IPPeer> peers =
                admitted(ip).stream().map(peer -> seenFrom(peer, targets, true)).toList();
        Verdict ready = new Verdict.Holds(
                "PodAddress",
                targets.getFirst() + " lies in the pod CIDR, which peers reach anyway; it needs no external address");
        return status(ip, new Content(targets, List.of(), Map.of(), peers), READY, ready, now);
    }

    /** The status of an exposure that is none. */
    public static IPStatus denied(Observed ip, String type, Verdict.Fails why, Instant now) {
        List<IpAddress> targets = ip.target() instanceof Target.Found found ? found.addresses() : List.of();
        return status(ip, new Content(targets, List.of(), Map.of(), List.of()), type, why, now);
    }

    /** The status of an exposure whose target is away: it leads nowhere, and keeps its addresses. */
    public static IPStatus waiting(Observed ip, Verdict.Fails why, List<IpAddress> externals, Instant now) {
        return status(ip, new Content(List.of(), externals, Map.of(), List.of()), READY, why, now);
    }

    /** The denial of an exposure whose target another one stands for, which the message names. */
    public static Ruling.Deny taken(String message) {
        return new Ruling.Deny(CONFLICT, new Verdict.Fails("TargetTaken", message));
    }

    /** The same, when it shows without the ledger. */
    public static Ruling.Deny taken(IpAddress target, String object) {
        return taken(target + " is exposed already by " + object
                + ", and a local address has exactly one external address; add the peers there");
    }

    /** The denial of an exposure for which no address is left. */
    public static Ruling.Deny exhausted(String message) {
        return new Ruling.Deny(EXHAUSTED, new Verdict.Fails("NoAddressLeft", message));
    }

    private static Ruling rule(Observed ip, List<IpAddress> targets) {
        for (IpAddress target : targets) {
            boolean allowed = ip.own().exposeAllowList().stream().anyMatch(cidr -> cidr.contains(target));
            Optional<String> objection = allowed ? Optional.empty() : objection(ip, target);
            if (objection.isPresent()) {
                return new Ruling.Deny(
                        REFUSED,
                        new Verdict.Fails(
                                "TargetGuarded",
                                target + " " + objection.get()
                                        + "; an administrator may allow it in spec.exposeAllowList of"
                                        + " ClusterGateway this"));
            }
        }
        List<IpAddress> beside =
                targets.stream().filter(target -> !ip.own().isPod(target)).toList();
        return beside.isEmpty() ? new Ruling.PodAddress(targets) : new Ruling.Expose(beside);
    }

    private static Optional<String> objection(Observed ip, IpAddress target) {
        if (target.isLoopback()) {
            return Optional.of("is a loopback address");
        }
        if (target.isLinkLocal()) {
            return Optional.of("is link-local, where cloud metadata is served");
        }
        if (target.isMulticast() || target.isUnspecified()) {
            return Optional.of("is no address of a host");
        }
        if (ip.own().externalCidrOf(target).isPresent()) {
            return Optional.of("is itself an external address, a name for another one");
        }
        return ip.guarded().stream()
                .filter(reservation -> reservation.cidr().contains(target))
                .map(reservation -> "belongs to " + reservation.holder())
                .findFirst();
    }

    /** Whether a peer may use an exposure, if it exists. */
    public static boolean admits(IPSpec ip, String clusterID) {
        return ip.peers().contains("*") || ip.peers().contains(clusterID);
    }

    private static List<Peer> admitted(Observed ip) {
        return ip.peers().stream()
                .filter(peer -> admits(ip.spec(), peer.clusterID()))
                .toList();
    }

    private static IPPeer seenFrom(Peer peer, List<IpAddress> addresses, boolean pod) {
        RemappedRanges ranges = Optional.ofNullable(peer.remapOfUs()).orElse(NOT_TOLD);
        RangeNames names = RangeNames.of(pod ? ranges.podCIDRs() : ranges.externalCIDRs());
        List<String> seen = addresses.stream()
                .flatMap(address -> names.nameOf(address).stream())
                .map(IpAddress::toString)
                .toList();
        return new IPPeer(peer.clusterID(), first(seen), seen, null);
    }

    private static @Nullable String first(List<String> texts) {
        return texts.isEmpty() ? null : texts.getFirst();
    }

    private record Content(
            List<IpAddress> locals, List<IpAddress> externals, Map<String, String> mappings, List<IPPeer> peers) {
        List<String> ips() {
            return locals.stream().map(IpAddress::toString).toList();
        }

        List<String> externalIPs() {
            return externals.stream().map(IpAddress::toString).toList();
        }
    }

    /** Ready stands always; of the others only the one that is the reason why it is not. */
    private static IPStatus status(Observed ip, Content content, String type, Verdict verdict, Instant now) {
        IPStatus old = ip.status();
        Conditions conditions = Conditions.of(old == null ? List.of() : old.conditions());
        for (String other : List.of(CONFLICT, REFUSED, EXHAUSTED)) {
            conditions = other.equals(type)
                    ? conditions.with(
                            other, new Verdict.Holds(verdict.reason(), verdict.message()), ip.generation(), now)
                    : conditions.without(other);
        }
        Verdict ready = type.equals(READY) ? verdict : new Verdict.Fails(type, verdict.message());
        conditions = conditions.with(READY, ready, ip.generation(), now);
        return new IPStatus(
                first(content.ips()),
                content.ips(),
                first(content.externalIPs()),
                content.externalIPs(),
                content.mappings(),
                content.peers(),
                conditions.toList(),
                ip.generation());
    }
}
