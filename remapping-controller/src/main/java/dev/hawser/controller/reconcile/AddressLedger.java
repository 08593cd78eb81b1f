// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.ipam.AddressIntent;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.ReleasedAddress;
import dev.hawser.controller.plan.AddressPlan;
import dev.hawser.controller.plan.AddressPlan.Asker;
import dev.hawser.controller.plan.AddressPlan.Choice;
import dev.hawser.controller.plan.AddressPlan.Holder;
import dev.hawser.controller.plan.AddressPlan.Room;
import dev.hawser.controller.plan.ExposedAddress;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The grants of external addresses. The external Network records every grant as an intent before the IP does, by
 * compare-and-swap on what was read. Safe for any thread; one grant at a time.
 */
final class AddressLedger {
    private static final int ATTEMPTS = 8;
    private static final Logger LOG = LoggerFactory.getLogger(AddressLedger.class);

    /**
     * A local address that is to have an external one.
     *
     * @param cidrs our external CIDRs of its family, the preferred one first
     * @param kept the address that it was granted before
     */
    record Wish(IpAddress target, List<Cidr> cidrs, Optional<IpAddress> kept) {
        /** Where it was before comes first. */
        List<Cidr> inOrder() {
            List<Cidr> keptFirst = new ArrayList<>(cidrs);
            keptFirst.sort((one, other) -> Boolean.compare(
                    kept.filter(other::contains).isPresent(),
                    kept.filter(one::contains).isPresent()));
            return keptFirst;
        }
    }

    /** How a wish ended. */
    sealed interface Result {
        /** The IP records the address now. */
        record Granted(ExposedAddress address) implements Result {}

        /** Somebody else stands for the local address. */
        record Taken(String message) implements Result {}

        /** No address is left. */
        record Full(String message) implements Result {}

        /** It will be looked at again. */
        record Later(String message) implements Result {}
    }

    /** What the API server said just now. */
    private record Live(Network network, NetworkStatus status, List<IP> ips, Room room) {}

    /** A result, and the IP as it was read before its Network was written. */
    private record Promise(Result result, Optional<IP> read) {}

    private final KubernetesClient client;
    private final Writer writer;
    private final Scope scope;
    private final InstantSource clock;
    private final Function<IP, List<IpAddress>> exposable;

    /**
     * A ledger.
     *
     * @param exposable what local addresses an IP stands for, as far as it may be exposed at all
     */
    AddressLedger(
            KubernetesClient client,
            Writer writer,
            Scope scope,
            InstantSource clock,
            Function<IP, List<IpAddress>> exposable) {
        this.client = client;
        this.writer = writer;
        this.scope = scope;
        this.clock = clock;
        this.exposable = exposable;
    }

    /**
     * Grants addresses and writes them into the IP: first every Network records its promise, then the IP all of them.
     *
     * @param wishes at most one of each family
     * @param status the status of the IP with what was granted, which is at least one address
     * @return one result for each wish, in their order
     */
    synchronized List<Result> grant(IP ip, List<Wish> wishes, Function<List<Result>, IPStatus> status) {
        for (int i = 0; i < ATTEMPTS; i++) {
            List<Promise> promises =
                    wishes.stream().map(wish -> promise(ip, wish)).toList();
            List<Result> results = promises.stream().map(Promise::result).toList();
            boolean nothing = results.stream().noneMatch(Result.Granted.class::isInstance);
            boolean taken = results.stream().anyMatch(Result.Taken.class::isInstance);
            // The first that was read: whatever was written to it since then is seen.
            Optional<IP> read = promises.stream()
                    .flatMap(promise -> promise.read().stream())
                    .findFirst();
            if (nothing || taken || read.isEmpty()) {
                return results;
            }
            if (write(read.get(), status.apply(results), results)) {
                wishes.stream().flatMap(wish -> wish.cidrs().stream()).forEach(this::tidy);
                return results;
            }
        }
        return wishes.stream()
                .<Result>map(_ -> new Result.Later("IP " + ip.getMetadata().getNamespace() + "/"
                        + ip.getMetadata().getName() + " changes all the time; trying again"))
                .toList();
    }

    /** Keeps the address of an IP that needs it no more, for one of the same name; others get it after the cool-down. */
    synchronized void release(String namespace, String name, IpAddress address, List<Cidr> externalCidrs) {
        ReleasedAddress released = new ReleasedAddress(
                namespace, name, address.toString(), clock.instant().toString());
        externalCidrs.stream().filter(cidr -> cidr.contains(address)).forEach(cidr -> {
            String network = ObjectNames.externalNetwork(cidr);
            writer.putStatus(Network.class, scope.namespace(), network, status -> with(status, released));
            LOG.info("address {} of IP {}/{} cools down", address, namespace, name);
        });
    }

    /** Drops the intents of a Network that are fulfilled, or whose IP is gone. */
    synchronized void tidy(Cidr cidr) {
        read(cidr).ifPresent(live -> {
            List<AddressIntent> waiting = AddressPlan.waiting(live.room());
            // If somebody else was faster, the next one clears it: an intent that is fulfilled harms nobody.
            swap(live, waiting, live.status().released());
        });
    }

    /** What an IP records, of each family. */
    static Stream<Holder> holders(IP ip) {
        IPStatus status = ip.getStatus();
        ObjectMeta metadata = ip.getMetadata();
        try {
            return (status == null ? List.<ExposedAddress>of() : ExposedAddress.recorded(status))
                    .stream()
                            .map(pair -> new Holder(
                                    metadata.getNamespace(),
                                    metadata.getName(),
                                    metadata.getUid(),
                                    pair.local(),
                                    pair.external()));
        } catch (AddressException editedByHand) {
            return Stream.empty();
        }
    }

    private Promise promise(IP ip, Wish wish) {
        Promise last = new Promise(
                new Result.Full(
                        "no external CIDR is of the family of " + wish.target() + "; add one to ClusterGateway this"),
                Optional.empty());
        for (Cidr cidr : wish.inOrder()) {
            last = promise(ip, wish, cidr);
            if (!(last.result() instanceof Result.Full)) {
                return last;
            }
        }
        return last;
    }

    private Promise promise(IP ip, Wish wish, Cidr cidr) {
        String uid = ip.getMetadata().getUid();
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<Live> live = read(cidr);
            if (live.isEmpty()) {
                return later("Network " + ObjectNames.externalNetwork(cidr) + " is not granted yet");
            }
            Optional<Asker> self = live.get().room().askers().stream()
                    .filter(asker -> asker.uid().equals(uid) && asker.target().equals(wish.target()))
                    .findFirst();
            if (self.isEmpty()) {
                return later("the IP changed meanwhile; it is looked at again");
            }
            switch (AddressPlan.choose(
                    self.get(), live.get().room(), wish.kept(), clock.instant(), scope.addressCoolDown())) {
                case Choice.Taken(String message) -> {
                    return new Promise(new Result.Taken(message), Optional.empty());
                }
                case Choice.Full(String message) -> {
                    return new Promise(new Result.Full(message), Optional.empty());
                }
                case Choice.Chosen chosen -> {
                    if (swap(live.get(), chosen.intents(), chosen.released())) {
                        return new Promise(
                                new Result.Granted(new ExposedAddress(wish.target(), chosen.address())),
                                live.get().ips().stream()
                                        .filter(candidate ->
                                                candidate.getMetadata().getUid().equals(uid))
                                        .findFirst());
                    }
                }
            }
        }
        return later("Network " + ObjectNames.externalNetwork(cidr) + " changes all the time; trying again");
    }

    private static Promise later(String message) {
        return new Promise(new Result.Later(message), Optional.empty());
    }

    private boolean write(IP read, IPStatus status, List<Result> results) {
        read.setStatus(status);
        if (!writer.swapStatus(read)) {
            return false;
        }
        results.stream()
                .filter(Result.Granted.class::isInstance)
                .map(result -> ((Result.Granted) result).address().external())
                .forEach(address -> LOG.info(
                        "IP {}/{} is {} to peers",
                        read.getMetadata().getNamespace(),
                        read.getMetadata().getName(),
                        address));
        return true;
    }

    private boolean swap(Live live, List<AddressIntent> intents, List<ReleasedAddress> released) {
        NetworkStatus status = live.status();
        NetworkStatus wanted =
                new NetworkStatus(status.cidr(), intents, released, status.conditions(), status.observedGeneration());
        if (wanted.equals(status)) {
            return true;
        }
        live.network().setStatus(wanted);
        return writer.swapStatus(live.network());
    }

    /** The Network first, and after it the IPs: an intent that is not there any more stands in its IP by now. */
    private Optional<Live> read(Cidr cidr) {
        Network network = client.resources(Network.class)
                .inNamespace(scope.namespace())
                .withName(ObjectNames.externalNetwork(cidr))
                .get();
        NetworkStatus status = network == null ? null : network.getStatus();
        if (network == null || status == null || !cidr.toString().equals(status.cidr())) {
            return Optional.empty();
        }
        List<IP> ips = client.resources(IP.class).inAnyNamespace().list().getItems();
        Room room = new Room(
                cidr,
                status.intents(),
                status.released(),
                ips.stream().flatMap(AddressLedger::holders).toList(),
                ips.stream().flatMap(this::askers).toList());
        return Optional.of(new Live(network, status, ips, room));
    }

    private Stream<Asker> askers(IP ip) {
        ObjectMeta metadata = ip.getMetadata();
        return exposable.apply(ip).stream()
                .map(target -> new Asker(metadata.getNamespace(), metadata.getName(), metadata.getUid(), target));
    }

    private static @Nullable NetworkStatus with(@Nullable NetworkStatus status, ReleasedAddress released) {
        if (status == null) {
            return null;
        }
        List<ReleasedAddress> all = new ArrayList<>(status.released());
        all.removeIf(entry -> Objects.equals(entry.address(), released.address()));
        all.add(released);
        return new NetworkStatus(
                status.cidr(), status.intents(), all, status.conditions(), status.observedGeneration());
    }
}
