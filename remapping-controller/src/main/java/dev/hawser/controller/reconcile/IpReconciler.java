// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.Peering;
import dev.hawser.controller.plan.AddressPlan.Holder;
import dev.hawser.controller.plan.IpPlan;
import dev.hawser.controller.plan.IpPlan.Observed;
import dev.hawser.controller.plan.IpPlan.Ruling;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.allocate.AddressBlock;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
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
    /** The address of each IP as it was granted: what a hand wrote over it does not count. */
    private final Map<ResourceID, IpAddress> granted = new ConcurrentHashMap<>();

    IpReconciler(
            KubernetesClient client,
            Triggers triggers,
            ClusterView view,
            Announcer announcer,
            Scope scope,
            InstantSource clock) {
        super(triggers.ips());
        this.client = client;
        this.writer = new Writer(client);
        this.view = view;
        this.targets = new Targets(view);
        this.addresses = new AddressLedger(client, writer, scope, clock, this::exposable);
        this.announcer = announcer;
        this.clock = clock;
    }

    @Override
    void settle(IP ip) {
        Optional<OwnCluster> own = view.own();
        if (own.isEmpty()) {
            return;
        }
        Observed observed = observe(ip, own.get());
        switch (IpPlan.rule(observed)) {
            case Ruling.Expose expose -> expose(ip, observed, expose.target());
            case Ruling.PodAddress pod -> {
                release(ip, observed.own());
                write(ip, old -> IpPlan.pod(with(observed, old), pod.target(), clock.instant()));
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

    private void expose(IP ip, Observed observed, IpAddress target) {
        ResourceID id = ResourceID.fromResource(ip);
        Optional<Holder> held = AddressLedger.holder(ip).findFirst();
        Optional<IpAddress> known = Optional.ofNullable(granted.get(id)).or(() -> held.map(Holder::address));
        Optional<Holder> good = held.filter(holder -> holder.target().equals(target))
                .filter(holder -> holder.address().equals(known.orElse(null)))
                .filter(holder -> grantable(observed.own(), holder.address()))
                .filter(holder -> elder(ip, holder).isEmpty());
        if (good.isPresent()) {
            IpAddress address = good.get().address();
            granted.put(id, address);
            write(ip, old -> IpPlan.exposed(with(observed, old), target, address, clock.instant()));
            return;
        }
        Optional<Holder> rival =
                others(ip).filter(holder -> holder.target().equals(target)).findFirst();
        if (rival.isPresent()) {
            deny(ip, observed, IpPlan.taken(target, rival.get().object()));
            return;
        }
        List<Cidr> cidrs = observed.own().externalCidrs().stream()
                .filter(cidr -> cidr.family() == target.family())
                .toList();
        switch (addresses.grant(
                ip, cidrs, known, address -> IpPlan.exposed(observed, target, address, clock.instant()))) {
            case AddressLedger.Result.Granted(IpAddress address) -> granted.put(id, address);
            case AddressLedger.Result.Taken(String message) -> deny(ip, observed, IpPlan.taken(message));
            case AddressLedger.Result.Full(String message) -> deny(ip, observed, IpPlan.exhausted(message));
        }
    }

    private Optional<IpAddress> exposable(IP ip) {
        return view.own()
                .map(own -> IpPlan.rule(observe(ip, own)))
                .filter(Ruling.Expose.class::isInstance)
                .map(ruling -> ((Ruling.Expose) ruling).target());
    }

    /** A Service that is away for a moment comes back to the same address. */
    private void await(IP ip, Observed observed, Verdict.Fails why) {
        ResourceID id = ResourceID.fromResource(ip);
        AddressLedger.holder(ip)
                .map(Holder::address)
                .filter(address -> grantable(observed.own(), address))
                .findFirst()
                .ifPresent(address -> granted.putIfAbsent(id, address));
        Optional<IpAddress> kept = Optional.ofNullable(granted.get(id));
        write(ip, old -> IpPlan.waiting(with(observed, old), why, kept, clock.instant()));
    }

    private void deny(IP ip, Observed observed, Ruling.Deny deny) {
        release(ip, observed.own());
        write(ip, old -> IpPlan.denied(with(observed, old), deny.type(), deny.why(), clock.instant()));
    }

    private void release(IP ip, OwnCluster own) {
        ResourceID id = ResourceID.fromResource(ip);
        IpAddress address = granted.remove(id);
        if (address != null) {
            addresses.release(
                    ip.getMetadata().getNamespace(), ip.getMetadata().getName(), address, own.externalCidrs());
        }
    }

    private void write(IP ip, UnaryOperator<@Nullable IPStatus> change) {
        IPStatus before = ip.getStatus();
        IPStatus wanted = change.apply(before);
        if (Objects.equals(wanted, before)) {
            return;
        }
        writer.putStatus(
                IP.class, ip.getMetadata().getNamespace(), ip.getMetadata().getName(), change);
        boolean wasReady = before != null && Conditions.of(before.conditions()).holds("Ready");
        Conditions now = Conditions.of(wanted == null ? List.of() : wanted.conditions());
        now.find("Ready")
                .filter(_ -> before == null || wasReady != now.holds("Ready"))
                .ifPresent(ready -> announcer.tell(ip, !now.holds("Ready"), ready.getReason(), ready.getMessage()));
    }

    private Observed observe(IP ip, OwnCluster own) {
        return new Observed(
                ip.getMetadata().getNamespace(),
                ip.getMetadata().getName(),
                ip.getMetadata().getGeneration(),
                ip.getSpec(),
                ip.getStatus(),
                own,
                targets.of(ip),
                targets.guarded(),
                view.peerings().stream()
                        .sorted(Comparator.comparing(
                                peering -> peering.getMetadata().getName()))
                        .map(IpReconciler::peer)
                        .toList());
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
        return others(ip)
                .filter(holder -> holder.address().equals(self.address()))
                .filter(holder -> view.ip(holder.namespace(), holder.name())
                        .filter(other -> age(other).compareTo(age(ip)) < 0)
                        .isPresent())
                .findFirst();
    }

    private static String age(IP ip) {
        return ip.getMetadata().getCreationTimestamp() + " " + ip.getMetadata().getUid();
    }

    private Stream<Holder> others(IP ip) {
        String uid = ip.getMetadata().getUid();
        return view.ips().stream()
                .filter(other -> !uid.equals(other.getMetadata().getUid()))
                .flatMap(AddressLedger::holder);
    }

    private static boolean grantable(OwnCluster own, IpAddress address) {
        Optional<Cidr> cidr = own.externalCidrOf(address);
        return cidr.isPresent() && new AddressBlock(cidr.get()).isGrantable(address);
    }
}
