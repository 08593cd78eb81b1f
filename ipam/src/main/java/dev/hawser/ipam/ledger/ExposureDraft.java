// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.allocate.AddressBlock;
import dev.hawser.ipam.ledger.ExposureDecision.AlreadyGranted;
import dev.hawser.ipam.ledger.ExposureDecision.Conflict;
import dev.hawser.ipam.ledger.ExposureDecision.Exhausted;
import dev.hawser.ipam.ledger.ExposureDecision.Granted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One round about the addresses of exposures while it is being decided. Mutable, for one thread. */
final class ExposureDraft {
    private static final Comparator<ObjectRef> NAME_ORDER =
            Comparator.comparing(ObjectRef::name).thenComparing(ObjectRef::uid);
    private static final Comparator<ExposureIntent> INTENT_ORDER =
            Comparator.comparing(ExposureIntent::uid).thenComparing(ExposureIntent::address);

    private final AddressBlock block;
    /** By uid, as everything about one object. */
    private final Map<String, ExposureGrant> standing = new HashMap<>();

    private final Map<String, ExposureIntent> intents = new TreeMap<>();
    private final Map<String, Obstacle> collisions = new HashMap<>();
    private final Map<IpAddress, ObjectRef> holders = new HashMap<>();
    private final Map<IpAddress, ObjectRef> targets = new HashMap<>();
    private final Map<String, List<IpAddress>> formers = new HashMap<>();
    private final Set<IpAddress> cooling = new HashSet<>();

    ExposureDraft(ExposureState state, Collection<ExposureRequest> requests) {
        this.block = new AddressBlock(state.external());
        state.grants().stream()
                .sorted(Comparator.comparing(ExposureGrant::object, NAME_ORDER))
                .forEach(this::weigh);
        Set<String> asking =
                requests.stream().map(request -> request.object().uid()).collect(Collectors.toSet());
        state.intents().stream()
                .filter(intent ->
                        asking.contains(intent.uid()) || state.living().contains(intent.uid()))
                .filter(intent -> !standing.containsKey(intent.uid()) && !collisions.containsKey(intent.uid()))
                .sorted(INTENT_ORDER)
                .toList()
                .forEach(this::promise);
        state.formers().stream()
                .sorted(Comparator.comparing(ExposureFormer::object).thenComparing(ExposureFormer::address))
                .filter(former -> cooling.add(former.address()))
                .forEach(former -> {
                    block.cool(former.address());
                    formers.computeIfAbsent(former.object(), object -> new ArrayList<>())
                            .add(former.address());
                });
        // Whoever does not ask now keeps the target that is on record, or that another controller is about to record.
        intents.values().stream()
                .filter(intent -> !asking.contains(intent.uid()))
                .forEach(intent -> targets.putIfAbsent(
                        intent.target(), new ObjectRef("with the uid " + intent.uid(), intent.uid())));
        standing.values().stream()
                .filter(grant -> !asking.contains(grant.object().uid()))
                .sorted(Comparator.comparing(ExposureGrant::object, NAME_ORDER))
                .forEach(grant -> targets.putIfAbsent(grant.target(), grant.object()));
    }

    /**
     * A target belongs to the object that maps it already; so an object whose Service came back under somebody else's
     * target cannot take that away.
     */
    List<ExposureRequest> inOrder(Collection<ExposureRequest> requests) {
        return requests.stream()
                .sorted(Comparator.comparing(ExposureRequest::object, NAME_ORDER))
                .collect(Collectors.groupingBy(this::rank, TreeMap::new, Collectors.toList()))
                .values()
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    ExposureDecision decide(ExposureRequest request) {
        ObjectRef object = request.object();
        Obstacle collision = collisions.get(object.uid());
        if (collision != null) {
            return new Conflict(request, collision);
        }
        if (request.target().family() != block.cidr().family()) {
            return new Conflict(
                    request,
                    new Obstacle(
                            "IP " + object,
                            request.target() + " has no name in " + block.cidr()
                                    + ", which is of the other family; add an external CIDR of "
                                    + request.target().family()));
        }
        ObjectRef first = targets.putIfAbsent(request.target(), object);
        if (first != null && !first.equals(object)) {
            return new Conflict(
                    request,
                    new Obstacle(
                            "IP " + first,
                            request.target() + " is exposed already by IP " + first
                                    + ", and a local address has exactly one external address; add the peers there"));
        }
        ExposureGrant grant = standing.get(object.uid());
        if (grant != null) {
            return new AlreadyGranted(request, grant.address());
        }
        ExposureIntent promised = intents.get(object.uid());
        return promised != null ? grant(request, promised.address()) : choose(request);
    }

    /** All intents that are needed after this round, by uid. */
    List<ExposureIntent> intents() {
        return List.copyOf(intents.values());
    }

    private int rank(ExposureRequest request) {
        ExposureGrant grant = standing.get(request.object().uid());
        if (grant != null) {
            return grant.target().equals(request.target()) ? 0 : 2;
        }
        ExposureIntent promised = intents.get(request.object().uid());
        return promised != null && promised.target().equals(request.target()) ? 1 : 3;
    }

    private void weigh(ExposureGrant grant) {
        IpAddress address = grant.address();
        if (block.take(address)) {
            standing.put(grant.object().uid(), grant);
            holders.put(address, grant.object());
            return;
        }
        ObjectRef holder = holders.get(address);
        collisions.putIfAbsent(
                grant.object().uid(),
                holder == null
                        ? new Obstacle(
                                "IP " + grant.object(),
                                "the recorded " + address + " is no usable address of " + block.cidr()
                                        + "; clear status.externalIP to get one that is")
                        : new Obstacle(
                                "IP " + holder,
                                "the recorded " + address + " belongs to IP " + holder
                                        + "; clear status.externalIP to get another one"));
    }

    /**
     * A promise that collides (which takes somebody's hand) stands, because another controller may be about to fulfil it,
     * but is not to be fulfilled before the obstacle is gone.
     */
    private void promise(ExposureIntent intent) {
        if (intents.putIfAbsent(intent.uid(), intent) == null && !block.take(intent.address())) {
            ObjectRef holder = holders.get(intent.address());
            collisions.put(
                    intent.uid(),
                    new Obstacle(
                            holder == null ? "Network " + block.cidr() : "IP " + holder,
                            "the promised " + intent.address() + " is taken or no usable address of " + block.cidr()
                                    + "; create the IP anew to get another one"));
        }
    }

    private ExposureDecision choose(ExposureRequest request) {
        return formers.getOrDefault(request.object().name(), List.of()).stream()
                .filter(block::take)
                .findFirst()
                .or(block::takeLowest)
                .<ExposureDecision>map(address -> grant(request, address))
                .orElseGet(() -> new Exhausted(request, block.cidr(), block.used(), block.free()));
    }

    private Granted grant(ExposureRequest request, IpAddress address) {
        String uid = request.object().uid();
        intents.put(uid, new ExposureIntent(uid, request.target(), address));
        return new Granted(request, address);
    }
}
