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
    private static final Comparator<ExposureGrant> GRANT_ORDER =
            Comparator.comparing(ExposureGrant::object).thenComparing(ExposureGrant::address);

    private final AddressBlock block;
    private final Map<String, ExposureGrant> standing = new TreeMap<>();
    private final Map<String, ExposureGrant> intents = new TreeMap<>();
    private final Map<String, Obstacle> collisions = new HashMap<>();
    private final Map<IpAddress, String> holders = new HashMap<>();
    private final Map<IpAddress, String> targets = new HashMap<>();
    private final Map<String, List<IpAddress>> formers = new HashMap<>();
    private final Set<IpAddress> cooling = new HashSet<>();

    ExposureDraft(ExposureState state, Collection<ExposureRequest> requests) {
        this.block = new AddressBlock(state.external());
        state.grants().stream().sorted(GRANT_ORDER).forEach(this::weigh);
        state.intents().stream().sorted(GRANT_ORDER).forEach(this::promise);
        state.formers().stream()
                .sorted(Comparator.comparing(ExposureFormer::object).thenComparing(ExposureFormer::address))
                .filter(former -> cooling.add(former.address()))
                .forEach(former -> formers.computeIfAbsent(former.object(), object -> new ArrayList<>())
                        .add(former.address()));
        // Whoever does not ask now keeps the target that is on record.
        Set<String> asking = requests.stream().map(ExposureRequest::object).collect(Collectors.toSet());
        standing.values().stream()
                .filter(grant -> !asking.contains(grant.object()))
                .forEach(grant -> targets.putIfAbsent(grant.target(), grant.object()));
        intents.values().stream()
                .filter(intent -> !asking.contains(intent.object()))
                .forEach(intent -> targets.putIfAbsent(intent.target(), intent.object()));
    }

    /**
     * A target belongs to the object that maps it already; so an object whose Service came back under somebody else's
     * target cannot take that away.
     */
    Comparator<ExposureRequest> order() {
        return Comparator.comparingInt(this::rank).thenComparing(ExposureRequest::object);
    }

    ExposureDecision decide(ExposureRequest request) {
        String object = request.object();
        Obstacle collision = collisions.get(object);
        if (collision != null) {
            return new Conflict(request, collision);
        }
        if (request.target().family() != block.cidr().family()) {
            return new Conflict(
                    request,
                    new Obstacle(
                            object,
                            request.target() + " has no name in " + block.cidr()
                                    + ", which is of the other family; add an external CIDR of "
                                    + request.target().family()));
        }
        String first = targets.putIfAbsent(request.target(), object);
        if (first != null && !first.equals(object)) {
            return new Conflict(
                    request,
                    new Obstacle(
                            "IP " + first,
                            request.target() + " is exposed already by IP " + first
                                    + ", and a local address has exactly one external address; add the peers there"));
        }
        ExposureGrant grant = standing.get(object);
        if (grant != null) {
            return new AlreadyGranted(request, grant.address());
        }
        ExposureGrant promised = intents.get(object);
        return promised != null ? grant(request, promised.address()) : choose(request);
    }

    /** All intents that are needed after this round, by object. */
    List<ExposureGrant> intents() {
        return List.copyOf(intents.values());
    }

    private int rank(ExposureRequest request) {
        ExposureGrant grant = standing.get(request.object());
        if (grant != null) {
            return grant.target().equals(request.target()) ? 0 : 2;
        }
        ExposureGrant promised = intents.get(request.object());
        return promised != null && promised.target().equals(request.target()) ? 1 : 3;
    }

    private void weigh(ExposureGrant grant) {
        IpAddress address = grant.address();
        if (block.take(address)) {
            standing.put(grant.object(), grant);
            holders.put(address, grant.object());
            return;
        }
        String holder = holders.get(address);
        collisions.putIfAbsent(
                grant.object(),
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

    /** An intent is settled once its object records an address, and void if the address became another's. */
    private void promise(ExposureGrant intent) {
        boolean settled = standing.containsKey(intent.object()) || intents.containsKey(intent.object());
        if (!settled && block.take(intent.address())) {
            intents.put(intent.object(), intent);
        }
    }

    private ExposureDecision choose(ExposureRequest request) {
        return formers.getOrDefault(request.object(), List.of()).stream()
                .filter(block::take)
                .findFirst()
                .or(() -> block.takeLowest(cooling::contains))
                .<ExposureDecision>map(address -> grant(request, address))
                .orElseGet(() -> new Exhausted(request, block.cidr(), block.used(), block.free()));
    }

    private Granted grant(ExposureRequest request, IpAddress address) {
        intents.put(request.object(), new ExposureGrant(request.object(), request.target(), address));
        return new Granted(request, address);
    }
}
