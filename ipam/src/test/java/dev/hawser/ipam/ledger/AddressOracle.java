// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/** The addresses of exposures beside somebody who goes through them one by one. */
final class AddressOracle implements Oracle {
    private static final Cidr EXTERNAL = Cidr.parse("10.70.0.0/28");
    private static final int NAMES = 18;
    private static final int TARGETS = 22;

    private record Held(IpAddress target, IpAddress address) {}

    private final Random random;
    private final Map<String, IpAddress> targets = new TreeMap<>();
    private final Map<String, Held> recorded = new TreeMap<>();
    private final Map<String, IpAddress> formers = new TreeMap<>();
    private final Map<String, Held> promised = new HashMap<>();

    AddressOracle(Random random) {
        this.random = random;
    }

    @Override
    public void operate() {
        String name = "ip " + random.nextInt(NAMES);
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> targets.putIfAbsent(name, anyTarget());
            case 3 -> free(name);
            case 4 -> targets.computeIfPresent(name, (_, _) -> anyTarget());
            case 5 -> formers.remove(name);
            case 6 -> conflict(name);
            default -> crash();
        }
        decide().forEach(this::record);
    }

    private void free(String name) {
        targets.remove(name);
        Held held = recorded.remove(name);
        if (held != null && random.nextBoolean()) {
            formers.put(name, held.address());
        }
    }

    /** Somebody writes any address into a status, decides with everybody else, and takes it back. */
    private void conflict(String name) {
        Held before = recorded.get(name);
        if (before != null) {
            IpAddress any = EXTERNAL.network().minus(1).plus(random.nextInt(18));
            recorded.put(name, new Held(before.target(), any));
            decide().forEach(this::record);
            recorded.remove(name);
            targets.remove(name);
        }
    }

    /** The promises are written, some objects are, some promises of those are cleared: then another one goes on. */
    private void crash() {
        Map<String, Held> granted = decide();
        granted.forEach((name, held) -> {
            boolean written = random.nextBoolean();
            if (!written || random.nextBoolean()) {
                promised.put(name, held);
            }
            if (written) {
                record(name, held);
            }
        });
        Map<String, Held> after = decide();
        Oracle.same(after, granted, "what is granted after the crash");
        after.forEach(this::record);
        promised.clear();
    }

    private void record(String name, Held held) {
        recorded.put(name, held);
        formers.remove(name);
    }

    /** One round, which must be as going through the addresses says; what it grants or brings up to date, by object. */
    private Map<String, Held> decide() {
        List<ExposureRequest> requests = new ArrayList<>();
        targets.forEach((name, target) -> requests.add(new ExposureRequest(object(name), target)));
        Collections.shuffle(requests, random);
        ExposureRound round = ExposureLedger.of(state()).decide(requests);

        Map<IpAddress, String> standing = standing();
        NavigableSet<IpAddress> free = free();
        Map<IpAddress, String> claimed = new HashMap<>();
        Map<String, Held> granted = new TreeMap<>();
        for (ExposureDecision decision : round.decisions()) {
            String name = decision.request().object().name();
            IpAddress target = decision.request().target();
            Held held = recorded.get(name);
            boolean collides = held != null && !name.equals(standing.get(held.address()));
            Optional<IpAddress> expected =
                    collides || claimed.putIfAbsent(target, name) != null ? Optional.empty() : address(name, free);
            Oracle.same(address(decision), expected, name);
            expected.ifPresent(address -> {
                free.remove(address);
                granted.put(name, new Held(target, address));
            });
        }
        List<String> ranks = round.decisions().stream()
                .map(decision -> rank(decision, standing))
                .toList();
        Oracle.same(ranks, ranks.stream().sorted().toList(), "the order");
        return granted;
    }

    /** Whoever keeps its target comes first, then whoever was promised one, then whoever moved, then the others. */
    private String rank(ExposureDecision decision, Map<IpAddress, String> standing) {
        String name = decision.request().object().name();
        Held held = recorded.get(name);
        Held promise = promised.get(name);
        IpAddress target = decision.request().target();
        if (held == null) {
            return (promise != null && promise.target().equals(target) ? 1 : 3) + name;
        }
        boolean stands = name.equals(standing.get(held.address()));
        int moved = held.target().equals(target) ? 0 : 2;
        return (stands ? moved : 3) + name;
    }

    private Optional<IpAddress> address(String name, NavigableSet<IpAddress> free) {
        Optional<IpAddress> kept = Optional.ofNullable(recorded.get(name))
                .or(() -> Optional.ofNullable(promised.get(name)))
                .map(Held::address);
        Optional<IpAddress> former = Optional.ofNullable(formers.get(name)).filter(free::contains);
        return kept.or(() -> former)
                .or(() -> free.stream()
                        .filter(address -> !formers.containsValue(address))
                        .findFirst());
    }

    /** Who an address belongs to: the first by name of those that record it. */
    private Map<IpAddress, String> standing() {
        Map<IpAddress, String> standing = new HashMap<>();
        recorded.forEach((name, held) -> {
            if (isGrantable(held.address())) {
                standing.putIfAbsent(held.address(), name);
            }
        });
        return standing;
    }

    private NavigableSet<IpAddress> free() {
        NavigableSet<IpAddress> free = new TreeSet<>();
        for (int i = 2; i < 15; i++) {
            free.add(EXTERNAL.network().plus(i));
        }
        recorded.values().forEach(held -> free.remove(held.address()));
        promised.values().forEach(held -> free.remove(held.address()));
        return free;
    }

    private ExposureState state() {
        List<ExposureGrant> grants = new ArrayList<>();
        recorded.forEach((name, held) -> grants.add(new ExposureGrant(object(name), held.target(), held.address())));
        List<ExposureIntent> intents = new ArrayList<>();
        promised.forEach(
                (name, held) -> intents.add(new ExposureIntent(object(name).uid(), held.target(), held.address())));
        List<ExposureFormer> cooling = new ArrayList<>();
        formers.forEach((name, address) -> cooling.add(new ExposureFormer(name, address)));
        Collections.shuffle(grants, random);
        Collections.shuffle(intents, random);
        Collections.shuffle(cooling, random);
        return new ExposureState(EXTERNAL, grants, intents, cooling);
    }

    private IpAddress anyTarget() {
        return IpAddress.parse("10.95.0.1").plus(random.nextInt(TARGETS));
    }

    private static Optional<IpAddress> address(ExposureDecision decision) {
        return switch (decision) {
            case ExposureDecision.Granted granted -> Optional.of(granted.address());
            case ExposureDecision.AlreadyGranted already -> Optional.of(already.address());
            case ExposureDecision.Conflict _, ExposureDecision.Exhausted _ -> Optional.empty();
        };
    }

    private static boolean isGrantable(IpAddress address) {
        return EXTERNAL.usable(address) && !address.equals(EXTERNAL.firstUsable());
    }

    private static ObjectRef object(String name) {
        return new ObjectRef(name, "uid of " + name);
    }
}
