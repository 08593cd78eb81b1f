// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** The blocks of a cluster beside somebody who keeps a list of single addresses and knows nothing else. */
final class GrantOracle implements Oracle {
    private static final List<Cidr> RANGES = List.of(Cidr.parse("10.0.1.0/26"), Cidr.parse("10.0.0.0/27"));
    private static final List<Cidr> RESERVED = List.of(Cidr.parse("10.0.1.16/29"));
    private static final List<PoolRanges> POOLS = List.of(new PoolRanges("p", RANGES, RESERVED));
    private static final long FIRST = Cidr.parse("10.0.0.0/32").network().low();
    private static final int SIZE = 320;
    private static final int MOST_OBJECTS = 10;

    private final Random random;
    private final Map<String, Request> objects = new TreeMap<>();
    private final Map<String, Cidr> recorded = new HashMap<>();
    private final Map<Owner, Cidr> formers = new TreeMap<>();
    private final List<Intent> intents = new ArrayList<>();
    private int created;

    GrantOracle(Random random) {
        this.random = random;
    }

    @Override
    public void operate() {
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> allocate();
            case 3, 4 -> free();
            case 5 -> restart();
            case 6 -> conflict();
            default -> crash();
        }
    }

    private void allocate() {
        for (int i = random.nextInt(3); i >= 0 && objects.size() < MOST_OBJECTS; i--) {
            Owner owner = new Owner(
                    "Peering", "c" + random.nextInt(8), random.nextBoolean() ? Role.POD : Role.EXTERNAL, anyBlock());
            String name = "object " + ++created;
            if (objects.values().stream().noneMatch(other -> other.owner().equals(owner))) {
                List<Reservation> avoid =
                        random.nextInt(3) == 0 ? List.of(new Reservation(anyBlock(), "a route")) : List.of();
                objects.put(
                        name,
                        new Request(
                                owner,
                                new ObjectRef(name, "uid " + name),
                                owner.cidr(),
                                random.nextInt(4) == 0,
                                avoid));
            }
        }
        decide().forEach(this::record);
    }

    /** Somebody goes, and perhaps what he had cools down; or what cooled down is anybody's. */
    private void free() {
        if (random.nextInt(4) == 0 && !formers.isEmpty()) {
            formers.remove(any(List.copyOf(formers.keySet())));
        } else if (!objects.isEmpty()) {
            remove(any(List.copyOf(objects.keySet())));
        }
        decide().forEach(this::record);
    }

    /** Nothing but the objects is left, and comes in another order. */
    private void restart() {
        intents.clear();
        decide().forEach(this::record);
        Oracle.same(decide(), Map.of(), "what is left to grant");
    }

    /** Somebody writes a block over another one's; both are told apart, the others go on, and he takes it back. */
    private void conflict() {
        List<String> holders = List.copyOf(recorded.keySet());
        if (holders.isEmpty()) {
            return;
        }
        String edited = any(holders);
        Cidr before = block(edited);
        Cidr victim = block(any(holders));
        recorded.put(edited, Cidr.enclosing(victim.last(), before.prefixLength()));
        decide().forEach(this::record);
        objects.remove(edited);
        recorded.remove(edited);
    }

    /** The promises are written, some objects are, some promises of those are cleared: then another one goes on. */
    private void crash() {
        Map<String, Cidr> granted = decide();
        intents.clear();
        granted.forEach((name, block) -> {
            Request request = object(name);
            boolean written = random.nextBoolean();
            if (!written || random.nextBoolean()) {
                intents.add(new Intent(request.owner(), request.object().uid(), block, "p"));
            }
            if (written) {
                record(name, block);
            }
        });
        Map<String, Cidr> after = decide();
        Map<String, Cidr> all = new TreeMap<>(after);
        granted.keySet().stream().filter(recorded::containsKey).forEach(name -> all.put(name, block(name)));
        Oracle.same(all, granted, "what is granted after the crash");
        after.forEach(this::record);
        intents.clear();
    }

    private void remove(String name) {
        Owner owner = object(name).owner();
        objects.remove(name);
        Cidr block = recorded.remove(name);
        if (block != null && random.nextBoolean()) {
            formers.put(owner, block);
        }
    }

    private void record(String name, Cidr block) {
        recorded.put(name, block);
        formers.remove(object(name).owner());
    }

    /** One round, which must be as the list of addresses says; what it grants, by object. */
    private Map<String, Cidr> decide() {
        Ledger ledger = Ledger.of(state());
        Round round = ledger.decide(shuffled(objects.values()));
        Oracle.same(
                round.decisions().stream()
                        .map(decision -> decision.request().owner())
                        .toList(),
                objects.values().stream().map(Request::owner).sorted().toList(),
                "the order");
        BitSet free = free(ledger);
        List<String> colliding = colliding();
        Map<String, Cidr> granted = new TreeMap<>();
        intents.forEach(intent -> clear(free, intent.block()));
        for (Decision decision : round.decisions()) {
            String name = decision.request().object().name();
            Optional<Cidr> promised = intents.stream()
                    .filter(intent -> intent.owner().equals(decision.request().owner()) && !recorded.containsKey(name))
                    .map(Intent::block)
                    .findFirst();
            if (recorded.containsKey(name)) {
                Oracle.same(decision instanceof Decision.Conflict, colliding.contains(name), "conflict of " + name);
                Oracle.same(decision instanceof Decision.AlreadyGranted, !colliding.contains(name), "grant of " + name);
                if (decision instanceof Decision.Conflict conflict) {
                    Cidr inTheWay = block(conflict.obstacle().object());
                    Oracle.same(inTheWay.overlaps(block(name)), true, inTheWay + " in the way of " + name);
                }
                continue;
            }
            Optional<Cidr> expected = promised.or(() -> choice(free, decision.request()));
            Optional<Cidr> actual =
                    decision instanceof Decision.Granted given ? Optional.of(given.block()) : Optional.empty();
            Oracle.same(actual, expected, name);
            expected.ifPresent(block -> {
                clear(free, block);
                granted.put(name, block);
            });
        }
        return granted;
    }

    private LedgerState state() {
        List<Grant> grants = new ArrayList<>();
        recorded.forEach((name, block) ->
                grants.add(new Grant(object(name).owner(), block, object(name).object())));
        List<Former> cooling = new ArrayList<>();
        formers.forEach((owner, block) -> cooling.add(new Former(owner, block)));
        return new LedgerState(POOLS, List.of(), shuffled(grants), shuffled(intents), shuffled(cooling));
    }

    /** What nobody has; the ledger counts the same. */
    private BitSet free(Ledger ledger) {
        BitSet free = new BitSet(SIZE);
        RANGES.forEach(range -> set(free, range));
        RESERVED.forEach(range -> clear(free, range));
        recorded.values().forEach(block -> clear(free, block));
        BitSet unpromised = (BitSet) free.clone();
        intents.forEach(intent -> clear(unpromised, intent.block()));
        int counted = ledger.usage().stream()
                .mapToInt(usage -> usage.free().intValueExact())
                .sum();
        Oracle.same(counted, unpromised.cardinality(), "what is free");
        formers.values().forEach(block -> clear(free, block));
        return free;
    }

    /** Of those that overlap, all but the first by owner. */
    private List<String> colliding() {
        List<String> colliding = new ArrayList<>();
        List<String> standing = new ArrayList<>();
        recorded.keySet().stream()
                .sorted(Comparator.comparing(name -> object(name).owner()))
                .forEach(name -> {
                    boolean collides =
                            standing.stream().anyMatch(other -> block(other).overlaps(block(name)));
                    (collides ? colliding : standing).add(name);
                });
        return colliding;
    }

    private Optional<Cidr> choice(BitSet free, Request request) {
        BitSet allowed = (BitSet) free.clone();
        Optional<Cidr> former = Optional.ofNullable(formers.get(request.owner()));
        former.ifPresent(block -> restore(allowed, block));
        request.avoid().forEach(range -> clear(allowed, range.cidr()));
        if (!request.exactly() && former.filter(block -> isFree(allowed, block)).isPresent()) {
            return former;
        }
        boolean inOneRange = RANGES.stream().anyMatch(range -> range.contains(request.wanted()));
        if (inOneRange && isFree(allowed, request.wanted())) {
            return Optional.of(request.wanted());
        }
        return request.exactly()
                ? Optional.empty()
                : bestFit(allowed, request.wanted().prefixLength());
    }

    /** What cools down is free for its former owner, as far as nobody wrote over it by hand. */
    private void restore(BitSet allowed, Cidr former) {
        BitSet held = new BitSet(SIZE);
        recorded.values().forEach(block -> set(held, block));
        intents.forEach(intent -> set(held, intent.block()));
        for (int i = offset(former); i < offset(former) + size(former); i++) {
            allowed.set(i, !held.get(i));
        }
    }

    /** In the first range that has any: the lowest block in the smallest maximal free one. */
    private static Optional<Cidr> bestFit(BitSet allowed, int prefixLength) {
        int wanted = 1 << (32 - prefixLength);
        for (Cidr range : RANGES) {
            int first = offset(range);
            for (int size = wanted; size <= size(range); size *= 2) {
                for (int i = first; i < first + size(range); i += size) {
                    int parent = first + (i - first) / (2 * size) * 2 * size;
                    boolean maximal = size == size(range) || !isFree(allowed, parent, 2 * size);
                    if (maximal && isFree(allowed, i, size)) {
                        return Optional.of(Cidr.of(IpAddress.ofIpv4((int) FIRST + i), prefixLength));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private Request object(String name) {
        return Objects.requireNonNull(objects.get(name));
    }

    private Cidr block(String name) {
        return Objects.requireNonNull(recorded.get(name));
    }

    private Cidr anyBlock() {
        long offset = random.nextInt(6) * 64L + random.nextInt(64);
        return Cidr.enclosing(Cidr.parse("10.0.0.0/22").network().plus(offset), 27 + random.nextInt(5));
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private <T> List<T> shuffled(Collection<T> all) {
        List<T> list = new ArrayList<>(all);
        Collections.shuffle(list, random);
        return list;
    }

    private static boolean isFree(BitSet free, Cidr block) {
        return isFree(free, offset(block), size(block));
    }

    private static boolean isFree(BitSet free, int first, int size) {
        return free.nextClearBit(first) >= first + size;
    }

    private static void clear(BitSet bits, Cidr block) {
        bits.clear(offset(block), offset(block) + size(block));
    }

    private static void set(BitSet bits, Cidr block) {
        bits.set(offset(block), offset(block) + size(block));
    }

    private static int offset(Cidr block) {
        return (int) (block.network().low() - FIRST);
    }

    private static int size(Cidr block) {
        return 1 << block.hostBits();
    }
}
