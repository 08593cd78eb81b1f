// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.ipam.AddressIntent;
import dev.hawser.api.ipam.ReleasedAddress;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.allocate.AddressBlock;
import dev.hawser.ipam.ledger.ExposureDecision;
import dev.hawser.ipam.ledger.ExposureFormer;
import dev.hawser.ipam.ledger.ExposureGrant;
import dev.hawser.ipam.ledger.ExposureIntent;
import dev.hawser.ipam.ledger.ExposureLedger;
import dev.hawser.ipam.ledger.ExposureRequest;
import dev.hawser.ipam.ledger.ExposureRound;
import dev.hawser.ipam.ledger.ExposureState;
import dev.hawser.ipam.ledger.ObjectRef;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The external address of one exposure in one family, out of one external Network. Pure. */
public final class AddressPlan {
    /**
     * An IP object that exists and may be exposed, and a local address that it stands for now, one of each family.
     *
     * @param kept the address that it was granted before, if any: it gets that again, whatever its object says now
     */
    public record Asker(String namespace, String name, String uid, IpAddress target, Optional<IpAddress> kept) {
        ObjectRef object() {
            return new ObjectRef(namespace + "/" + name, uid);
        }
    }

    /** An IP object that records an address, one of each family. */
    public record Holder(String namespace, String name, String uid, IpAddress target, IpAddress address) {
        /** The object, as a person would look it up. */
        public String object() {
            return "IP " + namespace + "/" + name;
        }

        private ExposureGrant grant() {
            return new ExposureGrant(new ObjectRef(namespace + "/" + name, uid), target, address);
        }
    }

    /**
     * The external Network as it was read, and the IP objects as they were read after it.
     *
     * @param living the uids of all IPs: what an IP points at is looked up in a view that may lag, whether it exists is not
     * @param holders those that record an address
     * @param askers all that may be exposed
     */
    public record Room(
            Cidr cidr,
            List<AddressIntent> intents,
            List<ReleasedAddress> released,
            Set<String> living,
            List<Holder> holders,
            List<Asker> askers) {
        /** Of a dual-stack Service the other address is another range's business. */
        private Stream<Asker> ownAskers() {
            return askers.stream().filter(asker -> asker.target().family() == cidr.family());
        }

        /** Those that may still be about to record an address of this family that was promised to them. */
        private Set<String> waiting() {
            Set<String> waiting = new HashSet<>(living);
            holders.stream()
                    .filter(holder -> holder.address().family() == cidr.family())
                    .forEach(holder -> waiting.remove(holder.uid()));
            return waiting;
        }
    }

    /** What comes of it. */
    public sealed interface Choice {
        /** The address is the asker's, once the Network records this. */
        record Chosen(IpAddress address, List<AddressIntent> intents, List<ReleasedAddress> released)
                implements Choice {}

        /** Somebody is in the way. */
        record Taken(String message) implements Choice {}

        /** Nothing is left in this range. */
        record Full(String message) implements Choice {}
    }

    private AddressPlan() {}

    /**
     * Chooses an address for one of the askers.
     *
     * @param coolDown for how long nobody else gets a released address
     */
    public static Choice choose(Asker self, Room room, Instant now, Duration coolDown) {
        List<ReleasedAddress> cooling = room.released().stream()
                .filter(released -> Instant.parse(released.at()).plus(coolDown).isAfter(now))
                .toList();
        ExposureRound round = ExposureLedger.of(new ExposureState(
                        room.cidr(), room.waiting(), grants(room), intents(room), formers(room, cooling)))
                .decide(room.ownAskers()
                        .map(asker -> new ExposureRequest(asker.object(), asker.target()))
                        .toList());
        return round.decisions().stream()
                .filter(decision -> decision.request().object().equals(self.object()))
                .findFirst()
                .map(decision -> choice(decision, room, round, cooling))
                .orElseGet(() -> new Choice.Taken(self.object() + " is gone"));
    }

    /** The intents that still wait: those of IPs that exist, and do not record an address of the family yet. */
    public static List<AddressIntent> waiting(Room room) {
        Set<String> waiting = room.waiting();
        return room.intents().stream()
                .filter(intent -> waiting.contains(intent.uid()))
                .toList();
    }

    private static Choice choice(
            ExposureDecision decision, Room room, ExposureRound round, List<ReleasedAddress> cooling) {
        return switch (decision) {
            case ExposureDecision.Granted granted -> chosen(granted.address(), room, round, cooling);
            case ExposureDecision.AlreadyGranted already -> chosen(already.address(), room, round, cooling);
            case ExposureDecision.Conflict conflict ->
                new Choice.Taken(conflict.obstacle().reason());
            case ExposureDecision.Exhausted exhausted -> new Choice.Full(exhausted.reason());
        };
    }

    private static Choice chosen(IpAddress address, Room room, ExposureRound round, List<ReleasedAddress> cooling) {
        Map<String, AddressIntent> before = room.intents().stream()
                .collect(Collectors.toMap(AddressIntent::uid, Function.identity(), (first, _) -> first));
        Map<String, Asker> askers = byUid(room);
        List<AddressIntent> intents = new ArrayList<>();
        for (ExposureIntent intent : round.intents()) {
            AddressIntent standing = before.get(intent.uid());
            Asker asker = askers.get(intent.uid());
            if (standing != null) {
                intents.add(standing);
            } else if (asker != null) {
                intents.add(new AddressIntent(
                        asker.namespace(),
                        asker.name(),
                        asker.uid(),
                        intent.target().toString(),
                        intent.address().toString()));
            }
        }
        List<ReleasedAddress> released = cooling.stream()
                .filter(entry -> !entry.address().equals(address.toString()))
                .toList();
        return new Choice.Chosen(address, intents, released);
    }

    /** What the objects record; of askers only what they were granted, and of nobody what no range of ours can hold. */
    private static List<ExposureGrant> grants(Room room) {
        AddressBlock block = new AddressBlock(room.cidr());
        Map<String, Asker> askers = byUid(room);
        return room.holders().stream()
                .filter(holder -> block.isGrantable(holder.address()))
                .filter(holder -> {
                    Asker asker = askers.get(holder.uid());
                    return asker == null
                            || asker.kept().filter(holder.address()::equals).isPresent();
                })
                .map(Holder::grant)
                .toList();
    }

    private static Map<String, Asker> byUid(Room room) {
        return room.ownAskers().collect(Collectors.toMap(Asker::uid, Function.identity(), (first, _) -> first));
    }

    private static List<ExposureIntent> intents(Room room) {
        return room.intents().stream()
                .map(intent -> new ExposureIntent(
                        intent.uid(), IpAddress.parse(intent.target()), IpAddress.parse(intent.address())))
                .toList();
    }

    private static List<ExposureFormer> formers(Room room, List<ReleasedAddress> cooling) {
        List<ExposureFormer> formers = new ArrayList<>();
        room.ownAskers()
                .forEach(asker -> asker.kept()
                        .ifPresent(address ->
                                formers.add(new ExposureFormer(asker.object().name(), address))));
        cooling.forEach(released -> formers.add(
                new ExposureFormer(released.namespace() + "/" + released.name(), IpAddress.parse(released.address()))));
        return formers;
    }
}
