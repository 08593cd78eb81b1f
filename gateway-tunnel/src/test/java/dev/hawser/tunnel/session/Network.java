// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.port.UdpEndpoint;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;

/** A network in virtual time: delays, loses, repeats, reorders and records datagrams, and ticks every party ten times a second. */
final class Network {
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long DELAY = TimeUnit.MILLISECONDS.toNanos(5);

    final List<Datagram> recorded = new ArrayList<>();
    boolean recording = true;
    double loss;
    double repeats;
    long spread;
    BiPredicate<Party, byte[]> drop = (from, datagram) -> false;

    private final Random random;
    private final Map<UdpEndpoint, Party> parties = new HashMap<>();
    private final Map<Party, UdpEndpoint> natted = new HashMap<>();
    private final PriorityQueue<Datagram> onTheWay =
            new PriorityQueue<>(Comparator.comparingLong(Datagram::at).thenComparingLong(Datagram::number));
    private long now;
    private long number;

    Network(long seed) {
        this.random = new Random(seed);
    }

    /** A datagram in flight; the array is the test's own. */
    record Datagram(long at, long number, UdpEndpoint from, UdpEndpoint to, List<Byte> content) {
        byte[] bytes() {
            byte[] bytes = new byte[content.size()];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = content.get(i);
            }
            return bytes;
        }
    }

    long now() {
        return now;
    }

    void attach(Party party) {
        parties.put(party.endpoint, party);
    }

    /** From now on the party is seen, and can be reached, at another endpoint. */
    void move(Party party, UdpEndpoint to) {
        parties.values().remove(party);
        parties.put(to, party);
        natted.put(party, to);
    }

    void send(Party from, UdpEndpoint to, byte[] bytes) {
        List<Byte> content = new ArrayList<>();
        for (byte each : bytes) {
            content.add(each);
        }
        Datagram datagram = new Datagram(now + DELAY, number++, natted.getOrDefault(from, from.endpoint), to, content);
        if (recording) {
            recorded.add(datagram);
        }
        if (!drop.test(from, bytes) && random.nextDouble() >= loss) {
            onTheWay.add(late(datagram));
            if (random.nextDouble() < repeats) {
                onTheWay.add(late(datagram));
            }
        }
    }

    /** Later by a part of the spread: what was sent first then need not come first. */
    private Datagram late(Datagram datagram) {
        if (spread == 0) {
            return datagram;
        }
        long at = datagram.at() + random.nextLong(spread);
        return new Datagram(at, number++, datagram.from(), datagram.to(), datagram.content());
    }

    void inject(Datagram datagram) {
        onTheWay.add(new Datagram(now, number++, datagram.from(), datagram.to(), datagram.content()));
    }

    void run(long seconds) {
        runNanos(TimeUnit.SECONDS.toNanos(seconds), () -> {});
    }

    /** Runs for a time, with something done at every tick. */
    void runNanos(long nanos, Runnable everyTick) {
        long end = now + nanos;
        while (now < end) {
            long next = (now / TICK + 1) * TICK;
            deliverUntil(next);
            now = next;
            List.copyOf(parties.values()).forEach(party -> party.device.tick(now));
            everyTick.run();
        }
        deliverUntil(now);
    }

    private void deliverUntil(long time) {
        while (!onTheWay.isEmpty() && onTheWay.peek().at() <= time) {
            Datagram datagram = onTheWay.remove();
            now = Math.max(now, datagram.at());
            Party party = parties.get(datagram.to());
            if (party != null) {
                party.receive(datagram.bytes(), datagram.from());
            }
        }
    }
}
