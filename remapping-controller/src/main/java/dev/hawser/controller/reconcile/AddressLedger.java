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

    /** How a request ended. */
    sealed interface Result {
        /** The IP records the address now. */
        record Granted(IpAddress address) implements Result {}

        /** Somebody else stands for the local address. */
        record Taken(String message) implements Result {}

        /** No address is left. */
        record Full(String message) implements Result {}
    }

    /** What the API server said just now. */
    private record Live(Network network, NetworkStatus status, List<IP> ips, Room room) {}

    private final KubernetesClient client;
    private final Writer writer;
    private final Scope scope;
    private final InstantSource clock;
    private final Function<IP, Optional<IpAddress>> exposable;

    /**
     * A ledger.
     *
     * @param exposable what local address an IP stands for, if it may be exposed at all
     */
    AddressLedger(
            KubernetesClient client,
            Writer writer,
            Scope scope,
            InstantSource clock,
            Function<IP, Optional<IpAddress>> exposable) {
        this.client = client;
        this.writer = writer;
        this.scope = scope;
        this.clock = clock;
        this.exposable = exposable;
    }

    /**
     * Grants an address and writes it into the IP.
     *
     * @param cidrs our external CIDRs, the preferred one first
     * @param kept the address that the IP was granted before
     * @param status the status of the IP with an address
     */
    synchronized Result grant(IP ip, List<Cidr> cidrs, Optional<IpAddress> kept, Function<IpAddress, IPStatus> status) {
        Result last =
                new Result.Full("no external CIDR is of the family of the target; add one to ClusterGateway this");
        List<Cidr> keptFirst = new ArrayList<>(cidrs);
        keptFirst.sort((one, other) -> Boolean.compare(
                kept.filter(other::contains).isPresent(),
                kept.filter(one::contains).isPresent()));
        for (Cidr cidr : keptFirst) {
            last = grant(ip, cidr, kept, status);
            if (!(last instanceof Result.Full)) {
                return last;
            }
        }
        return last;
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

    /** What an IP records. While its Service is away its address stands for nothing, so for itself. */
    static Stream<Holder> holder(IP ip) {
        IPStatus status = ip.getStatus();
        String external = status == null ? null : status.externalIP();
        if (status == null || external == null) {
            return Stream.empty();
        }
        ObjectMeta metadata = ip.getMetadata();
        try {
            return Stream.of(new Holder(
                    metadata.getNamespace(),
                    metadata.getName(),
                    metadata.getUid(),
                    IpAddress.parse(status.ip() == null ? external : status.ip()),
                    IpAddress.parse(external)));
        } catch (AddressException editedByHand) {
            return Stream.empty();
        }
    }

    private Result grant(IP ip, Cidr cidr, Optional<IpAddress> kept, Function<IpAddress, IPStatus> status) {
        for (int i = 0; i < ATTEMPTS; i++) {
            Optional<Live> live = read(cidr);
            if (live.isEmpty()) {
                return new Result.Full("Network " + ObjectNames.externalNetwork(cidr) + " is not granted yet");
            }
            Optional<Asker> self = live.get().room().askers().stream()
                    .filter(asker -> asker.uid().equals(ip.getMetadata().getUid()))
                    .findFirst();
            if (self.isEmpty()) {
                return new Result.Full("the IP changed meanwhile; it is looked at again");
            }
            switch (AddressPlan.choose(self.get(), live.get().room(), kept, clock.instant(), scope.addressCoolDown())) {
                case Choice.Taken(String message) -> {
                    return new Result.Taken(message);
                }
                case Choice.Full(String message) -> {
                    return new Result.Full(message);
                }
                case Choice.Chosen chosen -> {
                    if (write(ip, live.get(), chosen, status)) {
                        return new Result.Granted(chosen.address());
                    }
                }
            }
        }
        return new Result.Full("Network " + ObjectNames.externalNetwork(cidr) + " changes all the time; trying again");
    }

    private boolean write(IP ip, Live live, Choice.Chosen chosen, Function<IpAddress, IPStatus> status) {
        if (!swap(live, chosen.intents(), chosen.released())) {
            return false;
        }
        String uid = ip.getMetadata().getUid();
        Optional<IP> object = live.ips().stream()
                .filter(candidate -> candidate.getMetadata().getUid().equals(uid))
                .findFirst();
        if (object.isEmpty()) {
            return false;
        }
        object.get().setStatus(status.apply(chosen.address()));
        if (!writer.swapStatus(object.get())) {
            return false;
        }
        LOG.info(
                "IP {}/{} is {} to peers",
                ip.getMetadata().getNamespace(),
                ip.getMetadata().getName(),
                chosen.address());
        tidy(live.room().cidr());
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
                ips.stream().flatMap(AddressLedger::holder).toList(),
                ips.stream().flatMap(this::asker).toList());
        return Optional.of(new Live(network, status, ips, room));
    }

    private Stream<Asker> asker(IP ip) {
        ObjectMeta metadata = ip.getMetadata();
        return exposable
                .apply(ip)
                .map(target -> new Asker(metadata.getNamespace(), metadata.getName(), metadata.getUid(), target))
                .stream();
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
