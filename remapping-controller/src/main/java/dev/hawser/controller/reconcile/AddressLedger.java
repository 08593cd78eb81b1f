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
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The grants of external addresses. The external Network records every grant as an intent before the IP does, by
 * compare-and-swap on what was read. Safe for any thread; one promise at a time, while several IPs are written beside each
 * other: what stands between them is in the Network by then.
 */
final class AddressLedger {
    private static final int ATTEMPTS = 8;
    /** Rounds leave the API server twice the time for others that they take. */
    private static final int ROUNDS_APART = 2;

    private static final Duration LONGEST_REST = Duration.ofMillis(300);
    /** While grants follow each other, each round clears what the one before has fulfilled. */
    private static final Duration QUIET = Duration.ofMillis(500);

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
    private final Function<List<IP>, List<Asker>> asking;
    private final AddressPromises promises = new AddressPromises();
    private long lastGrant = System.nanoTime();
    private long lastRound;
    private long lastRoundTook;

    /**
     * A ledger.
     *
     * @param asking which of these may be exposed, and for which local addresses
     */
    AddressLedger(
            KubernetesClient client,
            Writer writer,
            Scope scope,
            InstantSource clock,
            Function<List<IP>, List<Asker>> asking) {
        this.client = client;
        this.writer = writer;
        this.scope = scope;
        this.clock = clock;
        this.asking = asking;
    }

    /**
     * Grants addresses and writes them into the IP: first every Network records its promise, then the IP all of them.
     *
     * @param wishes at most one of each family
     * @param status the status of the IP with what was granted, which is at least one address
     * @return one result for each wish, in their order
     */
    List<Result> grant(IP ip, List<Wish> wishes, Function<List<Result>, IPStatus> status) {
        String uid = ip.getMetadata().getUid();
        for (int i = 0; i < ATTEMPTS; i++) {
            List<Promise> made = promise(ip, wishes);
            List<Result> results = made.stream().map(Promise::result).toList();
            boolean nothing = results.stream().noneMatch(Result.Granted.class::isInstance);
            boolean taken = results.stream().anyMatch(Result.Taken.class::isInstance);
            // The first that was read: whatever was written to it since then is seen.
            Optional<IP> read =
                    made.stream().flatMap(promise -> promise.read().stream()).findFirst();
            if (nothing || taken || read.isEmpty()) {
                return results;
            }
            boolean written = write(read.get(), status.apply(results), results);
            synchronized (this) {
                if (written) {
                    fulfil(uid, results);
                    return results;
                }
                promises.forget(uid);
            }
        }
        return wishes.stream()
                .<Result>map(_ -> new Result.Later("IP " + ip.getMetadata().getNamespace() + "/"
                        + ip.getMetadata().getName() + " changes all the time; trying again"))
                .toList();
    }

    private synchronized List<Promise> promise(IP ip, List<Wish> wishes) {
        return wishes.stream().map(wish -> promise(ip, wish)).toList();
    }

    /** Keeps the address of an IP that needs it no more, for one of the same name; others get it after the cool-down. */
    synchronized void release(String namespace, String name, IpAddress address, List<Cidr> externalCidrs) {
        ReleasedAddress released = new ReleasedAddress(
                namespace, name, address.toString(), clock.instant().toString());
        externalCidrs.stream().filter(cidr -> cidr.contains(address)).forEach(cidr -> {
            String network = ObjectNames.externalNetwork(cidr);
            writer.putStatus(Network.class, Network::new, scope.namespace(), network, status -> with(status, released));
            LOG.info("address {} of IP {}/{} cools down", address, namespace, name);
        });
    }

    /**
     * Drops the intents of a Network that are fulfilled, or whose IP is gone, once no more grants are under way. If somebody
     * else is faster, the next one clears them: an intent that is fulfilled harms nobody.
     */
    synchronized void tidy(Cidr cidr) {
        if (promises.outstanding(clock.instant()) || System.nanoTime() - lastGrant < QUIET.toNanos()) {
            return;
        }
        Optional<Network> network = network(cidr);
        NetworkStatus status = network.map(Network::getStatus).orElse(null);
        if (network.isEmpty() || status == null) {
            return;
        }
        List<AddressIntent> left = promises.unfulfilled(status.intents(), cidr);
        if (left.size() < status.intents().size()) {
            swap(network.get(), status, left, status.released());
        } else if (!left.isEmpty()) {
            read(cidr)
                    .ifPresent(live -> swap(
                            live.network(),
                            live.status(),
                            AddressPlan.waiting(live.room()),
                            live.status().released()));
        }
    }

    private void fulfil(String uid, List<Result> results) {
        lastGrant = System.nanoTime();
        for (Result result : results) {
            if (result instanceof Result.Granted(var pair)) {
                promises.fulfil(uid, pair.external());
            }
        }
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
        Optional<AddressPromises.Promised> made = promises.fetch(uid, wish.target(), cidr, clock.instant());
        if (made.isPresent()) {
            return new Promise(
                    new Result.Granted(made.get().address()),
                    Optional.of(made.get().read()));
        }
        awaitOthers();
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<Promise> settled = round(uid, wish.target(), cidr);
            if (settled.isPresent()) {
                return settled.get();
            }
        }
        return later("Network " + ObjectNames.externalNetwork(cidr) + " changes all the time; trying again");
    }

    /** Reads all, chooses for all that ask, writes the Network; empty if somebody else wrote it meanwhile. */
    private Optional<Promise> round(String uid, IpAddress target, Cidr cidr) {
        long start = System.nanoTime();
        Optional<Live> live = read(cidr);
        if (live.isEmpty()) {
            return Optional.of(later("Network " + ObjectNames.externalNetwork(cidr) + " is not granted yet"));
        }
        Room room = live.get().room();
        Optional<Asker> self = room.askers().stream()
                .filter(asker -> asker.uid().equals(uid) && asker.target().equals(target))
                .findFirst();
        if (self.isEmpty()) {
            return Optional.of(later("the IP changed meanwhile; it is looked at again"));
        }
        return switch (AddressPlan.choose(self.get(), room, clock.instant(), scope.addressCoolDown())) {
            case Choice.Taken(String message) -> Optional.of(new Promise(new Result.Taken(message), Optional.empty()));
            case Choice.Full(String message) -> Optional.of(new Promise(new Result.Full(message), Optional.empty()));
            case Choice.Chosen chosen ->
                swap(live.get().network(), live.get().status(), chosen.intents(), chosen.released())
                        ? Optional.of(promised(uid, target, chosen, live.get(), start))
                        : Optional.empty();
        };
    }

    private Promise promised(String uid, IpAddress target, Choice.Chosen chosen, Live live, long start) {
        lastRound = System.nanoTime();
        lastRoundTook = lastRound - start;
        Map<String, IP> read = new HashMap<>();
        live.ips().forEach(each -> read.put(each.getMetadata().getUid(), each));
        promises.keep(chosen.intents(), read, uid, clock.instant());
        return new Promise(
                new Result.Granted(new ExposedAddress(target, chosen.address())), Optional.ofNullable(read.get(uid)));
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

    /** Reading many IPs takes long. Whoever asks meanwhile is served by one round, not by one each. */
    private void awaitOthers() {
        long rest = lastRound + ROUNDS_APART * lastRoundTook - System.nanoTime();
        if (lastRoundTook > 0 && rest > 0) {
            LockSupport.parkNanos(Math.min(rest, LONGEST_REST.toNanos()));
        }
    }

    private boolean swap(
            Network network, NetworkStatus status, List<AddressIntent> intents, List<ReleasedAddress> released) {
        NetworkStatus wanted =
                new NetworkStatus(status.cidr(), intents, released, status.conditions(), status.observedGeneration());
        if (wanted.equals(status)) {
            return true;
        }
        network.setStatus(wanted);
        return writer.swapStatus(network);
    }

    private Optional<Network> network(Cidr cidr) {
        return Optional.ofNullable(client.resources(Network.class)
                        .inNamespace(scope.namespace())
                        .withName(ObjectNames.externalNetwork(cidr))
                        .get())
                .filter(network -> network.getStatus() != null
                        && cidr.toString().equals(network.getStatus().cidr()));
    }

    /** The Network first, and after it the IPs: an intent that is not there any more stands in its IP by now. */
    private Optional<Live> read(Cidr cidr) {
        Optional<Network> network = network(cidr);
        NetworkStatus status = network.map(Network::getStatus).orElse(null);
        if (network.isEmpty() || status == null) {
            return Optional.empty();
        }
        List<IP> ips = client.resources(IP.class).inAnyNamespace().list().getItems();
        Room room = new Room(
                cidr,
                status.intents(),
                status.released(),
                ips.stream().map(ip -> ip.getMetadata().getUid()).collect(Collectors.toSet()),
                ips.stream().flatMap(AddressLedger::holders).toList(),
                asking.apply(ips));
        return Optional.of(new Live(network.get(), status, ips, room));
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
