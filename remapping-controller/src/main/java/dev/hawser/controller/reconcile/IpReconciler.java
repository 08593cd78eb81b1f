// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.Peering;
import dev.hawser.controller.plan.AddressPlan.Asker;
import dev.hawser.controller.plan.AddressPlan.Holder;
import dev.hawser.controller.plan.ExposedAddress;
import dev.hawser.controller.plan.IpPlan;
import dev.hawser.controller.plan.IpPlan.Observed;
import dev.hawser.controller.plan.IpPlan.Ruling;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.controller.reconcile.AddressLedger.Result;
import dev.hawser.controller.reconcile.AddressLedger.Wish;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.allocate.AddressBlock;
import dev.hawser.ipam.ledger.Reservation;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * IP -> what it resolves to, its one external address, and what each peer calls that. It follows the Service, and keeps
 * the address while it does.
 */
final class IpReconciler extends Loop<IP> {
    private final KubernetesClient client;
    private final Writer writer;
    private final ClusterView view;
    private final Targets targets;
    private final AddressLedger addresses;
    private final Announcer announcer;
    private final InstantSource clock;
    private final GrantMetrics metrics;
    private final GrantedAddresses granted = new GrantedAddresses();

    IpReconciler(
            KubernetesClient client,
            Triggers triggers,
            ClusterView view,
            Announcer announcer,
            Scope scope,
            InstantSource clock,
            GrantMetrics metrics) {
        super(triggers.ips());
        this.client = client;
        this.writer = new Writer(client, view);
        this.view = view;
        this.targets = new Targets(view);
        this.addresses = new AddressLedger(client, writer, scope, clock, this::asking);
        this.announcer = announcer;
        this.clock = clock;
        this.metrics = metrics;
    }

    @Override
    void settle(IP ip) {
        Optional<OwnCluster> own = view.own();
        if (own.isEmpty()) {
            return;
        }
        Observed observed = observe(ip, own.get());
        switch (IpPlan.rule(observed)) {
            case Ruling.Expose expose -> expose(ip, observed, expose.targets());
            case Ruling.PodAddress pod -> {
                release(ip, observed.own(), List.of());
                write(ip, old -> IpPlan.pod(with(observed, old), pod.targets(), clock.instant()));
            }
            case Ruling.Await await -> await(ip, observed, await.why());
            case Ruling.Deny deny -> deny(ip, observed, deny);
        }
    }

    /** The ledger that this loop grants from. */
    AddressLedger addresses() {
        return addresses;
    }

    /** Gives back the addresses of IPs that were deleted. */
    void releaseGone() {
        Optional<OwnCluster> own = view.own();
        if (own.isEmpty()) {
            return;
        }
        granted.forEach((id, address) -> {
            String namespace = id.getNamespace().orElseThrow();
            boolean gone = view.ip(namespace, id.getName()).isEmpty()
                    && client.resources(IP.class)
                                    .inNamespace(namespace)
                                    .withName(id.getName())
                                    .get()
                            == null;
            if (gone) {
                addresses.release(namespace, id.getName(), address, own.get().externalCidrs());
                granted.remove(id, address);
            }
        });
    }

    private void expose(IP ip, Observed observed, List<IpAddress> all) {
        List<IpAddress> targets = all.stream()
                .filter(target -> !cidrs(observed.own(), target).isEmpty())
                .toList();
        if (targets.isEmpty()) {
            deny(
                    ip,
                    observed,
                    IpPlan.exhausted("no external CIDR is of the family of " + all.getFirst()
                            + "; add one to ClusterGateway this"));
            return;
        }
        release(ip, observed.own(), targets);
        List<ExposedAddress> standing = new ArrayList<>();
        List<Wish> wishes = new ArrayList<>();
        for (IpAddress target : targets) {
            Optional<ExposedAddress> good = standing(ip, observed.own(), target);
            Optional<Holder> rival = others(ip, view.ipsWithLocal(target.toString()))
                    .filter(holder -> holder.target().equals(target))
                    .findFirst();
            if (good.isPresent()) {
                standing.add(good.get());
            } else if (rival.isPresent()) {
                deny(ip, observed, IpPlan.taken(target, rival.get().object()));
                return;
            } else {
                wishes.add(new Wish(target, cidrs(observed.own(), target), known(ip, target)));
            }
        }
        if (wishes.isEmpty()) {
            write(
                    ip,
                    old -> IpPlan.exposed(
                            with(observed, old), ordered(targets, standing), Optional.empty(), clock.instant()));
        } else {
            grant(ip, observed, standing, wishes, targets);
        }
    }

    private void grant(
            IP ip, Observed observed, List<ExposedAddress> standing, List<Wish> wishes, List<IpAddress> targets) {
        String uid = ip.getMetadata().getUid();
        metrics.asks(uid, System.nanoTime());
        List<Result> results = addresses.grant(
                ip,
                wishes,
                granting -> IpPlan.exposed(
                        observed, ordered(targets, joined(standing, granting)), lacking(granting), clock.instant()));
        Optional<String> taken = taken(results);
        if (taken.isPresent()) {
            deny(ip, observed, IpPlan.taken(taken.get()));
            return;
        }
        List<ExposedAddress> got = granted(results);
        got.forEach(pair -> granted.put(ResourceID.fromResource(ip), pair.external()));
        String lacking = lacking(results).orElse("");
        if (!got.isEmpty()) {
            metrics.granted(uid, System.nanoTime());
            announcer.tell(ip, false, "Exposed", told(got));
            return;
        }
        if (!standing.isEmpty()) {
            write(
                    ip,
                    old -> IpPlan.exposed(
                            with(observed, old), ordered(targets, standing), Optional.of(lacking), clock.instant()));
        } else if (results.stream().anyMatch(Result.Later.class::isInstance)) {
            await(ip, observed, new Verdict.Fails("NotYet", lacking));
        } else {
            deny(ip, observed, IpPlan.exhausted(lacking));
        }
    }

    private static String told(List<ExposedAddress> got) {
        return got.stream()
                .map(pair -> pair.local() + " is " + pair.external() + " to peers")
                .collect(Collectors.joining(", "));
    }

    /** What the IP records for this target, if that is as it was granted. */
    private Optional<ExposedAddress> standing(IP ip, OwnCluster own, IpAddress target) {
        Optional<IpAddress> known = known(ip, target);
        Optional<ExposedAddress> good = AddressLedger.holders(ip)
                .filter(holder -> holder.target().equals(target))
                .filter(holder -> holder.address().equals(known.orElse(null)))
                .filter(holder -> grantable(own, holder.address()))
                .filter(holder -> elder(ip, holder).isEmpty())
                .map(holder -> new ExposedAddress(target, holder.address()))
                .findFirst();
        good.ifPresent(pair -> granted.put(ResourceID.fromResource(ip), pair.external()));
        return good;
    }

    private Optional<IpAddress> known(IP ip, IpAddress target) {
        return granted.of(ResourceID.fromResource(ip), target.family())
                .or(() -> AddressLedger.holders(ip)
                        .map(Holder::address)
                        .filter(address -> address.family() == target.family())
                        .findFirst());
    }

    /** In the order of the targets, which is that of the Service. */
    private static List<ExposedAddress> ordered(List<IpAddress> targets, List<ExposedAddress> pairs) {
        return pairs.stream()
                .sorted(Comparator.comparingInt(pair -> targets.indexOf(pair.local())))
                .toList();
    }

    private static List<ExposedAddress> joined(List<ExposedAddress> standing, List<Result> results) {
        List<ExposedAddress> all = new ArrayList<>(standing);
        all.addAll(granted(results));
        return all;
    }

    private static List<ExposedAddress> granted(List<Result> results) {
        return results.stream()
                .flatMap(result -> result instanceof Result.Granted(var pair) ? Stream.of(pair) : Stream.empty())
                .toList();
    }

    private static Optional<String> taken(List<Result> results) {
        return results.stream()
                .flatMap(result -> result instanceof Result.Taken(var message) ? Stream.of(message) : Stream.empty())
                .findFirst();
    }

    /** Why a target got no address, if one did not. */
    private static Optional<String> lacking(List<Result> results) {
        return results.stream()
                .flatMap(result -> switch (result) {
                    case Result.Full(String message) -> Stream.of(message);
                    case Result.Later(String message) -> Stream.of(message);
                    case Result.Granted _, Result.Taken _ -> Stream.<String>empty();
                })
                .findFirst();
    }

    private static List<Cidr> cidrs(OwnCluster own, IpAddress target) {
        return own.externalCidrs().stream()
                .filter(cidr -> cidr.family() == target.family())
                .toList();
    }

    private List<Asker> asking(List<IP> ips) {
        Optional<OwnCluster> own = view.own();
        List<Reservation> guarded = targets.guarded();
        List<Asker> asking = new ArrayList<>();
        for (IP ip : own.isEmpty() ? List.<IP>of() : ips) {
            ObjectMeta metadata = ip.getMetadata();
            if (IpPlan.rule(observe(ip, own.get(), guarded, List.of())) instanceof Ruling.Expose(var exposed)) {
                exposed.forEach(target -> asking.add(new Asker(
                        metadata.getNamespace(), metadata.getName(), metadata.getUid(), target, known(ip, target))));
            }
        }
        return asking;
    }

    /** A Service that is away for a moment comes back to the same address. */
    private void await(IP ip, Observed observed, Verdict.Fails why) {
        ResourceID id = ResourceID.fromResource(ip);
        AddressLedger.holders(ip)
                .map(Holder::address)
                .filter(address -> grantable(observed.own(), address))
                .forEach(address -> granted.putIfAbsent(id, address));
        write(ip, old -> IpPlan.waiting(with(observed, old), why, granted.of(id), clock.instant()));
    }

    private void deny(IP ip, Observed observed, Ruling.Deny deny) {
        release(ip, observed.own(), List.of());
        write(ip, old -> IpPlan.denied(with(observed, old), deny.type(), deny.why(), clock.instant()));
    }

    /** Gives back the addresses of all families but those of these targets. */
    private void release(IP ip, OwnCluster own, List<IpAddress> targets) {
        ResourceID id = ResourceID.fromResource(ip);
        for (IpAddress address : granted.of(id)) {
            if (targets.stream().noneMatch(target -> target.family() == address.family())) {
                granted.remove(id, address);
                addresses.release(
                        ip.getMetadata().getNamespace(), ip.getMetadata().getName(), address, own.externalCidrs());
            }
        }
    }

    private void write(IP ip, UnaryOperator<@Nullable IPStatus> change) {
        IPStatus before = ip.getStatus();
        IPStatus wanted = change.apply(before);
        if (Objects.equals(wanted, before)) {
            return;
        }
        writer.putStatus(
                IP.class,
                IP::new,
                ip.getMetadata().getNamespace(),
                ip.getMetadata().getName(),
                change);
        boolean wasReady = before != null && Conditions.of(before.conditions()).holds("Ready");
        Conditions now = Conditions.of(wanted == null ? List.of() : wanted.conditions());
        now.find("Ready")
                .filter(_ -> before == null || wasReady != now.holds("Ready"))
                .ifPresent(ready -> announcer.tell(ip, !now.holds("Ready"), ready.getReason(), ready.getMessage()));
    }

    private Observed observe(IP ip, OwnCluster own) {
        List<IpPlan.Peer> peers = view.peerings().stream()
                .sorted(Comparator.comparing(peering -> peering.getMetadata().getName()))
                .map(IpReconciler::peer)
                .toList();
        return observe(ip, own, targets.guarded(), peers);
    }

    private Observed observe(IP ip, OwnCluster own, List<Reservation> guarded, List<IpPlan.Peer> peers) {
        return new Observed(
                ip.getMetadata().getNamespace(),
                ip.getMetadata().getName(),
                ip.getMetadata().getGeneration(),
                ip.getSpec(),
                ip.getStatus(),
                own,
                targets.of(ip),
                guarded,
                peers);
    }

    private static Observed with(Observed observed, @Nullable IPStatus status) {
        return new Observed(
                observed.namespace(),
                observed.name(),
                observed.generation(),
                observed.spec(),
                status,
                observed.own(),
                observed.target(),
                observed.guarded(),
                observed.peers());
    }

    private static IpPlan.Peer peer(Peering peering) {
        LearnedAdvertisement learned =
                peering.getStatus() == null ? null : peering.getStatus().advertised();
        return new IpPlan.Peer(peering.getMetadata().getName(), learned == null ? null : learned.remapOfUs());
    }

    /** Another IP that records the same external address, which only somebody's hand brings about, and came first. */
    private Optional<Holder> elder(IP ip, Holder self) {
        return others(ip, view.ipsWithExternal(self.address().toString()))
                .filter(holder -> holder.address().equals(self.address()))
                .filter(holder -> view.ip(holder.namespace(), holder.name())
                        .filter(other -> age(other).compareTo(age(ip)) < 0)
                        .isPresent())
                .findFirst();
    }

    private static String age(IP ip) {
        return ip.getMetadata().getCreationTimestamp() + " " + ip.getMetadata().getUid();
    }

    private static Stream<Holder> others(IP ip, List<IP> candidates) {
        String uid = ip.getMetadata().getUid();
        return candidates.stream()
                .filter(other -> !uid.equals(other.getMetadata().getUid()))
                .flatMap(AddressLedger::holders);
    }

    private static boolean grantable(OwnCluster own, IpAddress address) {
        Optional<Cidr> cidr = own.externalCidrOf(address);
        return cidr.isPresent() && new AddressBlock(cidr.get()).isGrantable(address);
    }
}
