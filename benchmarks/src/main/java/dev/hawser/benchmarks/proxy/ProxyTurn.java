// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.BenchmarkException;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What a contender does in its turn. For one thread, which is inside the laboratory's host. */
final class ProxyTurn {
    static final int MANY = 9_000;

    private static final int FEW = 10;
    private static final int BUSY = 64;
    private static final long BULK = TimeUnit.MILLISECONDS.toNanos(1_200);
    private static final long CONNECTS = TimeUnit.MILLISECONDS.toNanos(1_200);
    private static final long COST = TimeUnit.MILLISECONDS.toNanos(800);
    private static final long TRIPS = TimeUnit.SECONDS.toNanos(3);
    private static final long WARM_UP = TimeUnit.SECONDS.toNanos(2);
    private static final int WARM_UPS = 15;
    private static final int NO_FASTER = 3;
    private static final int WARM_BULKS = 2;
    private static final long BULK_WARM_UP = TimeUnit.MILLISECONDS.toNanos(1_500);
    private static final long SETTLING = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long READY = TimeUnit.SECONDS.toNanos(15);
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int STARTS = 3;

    private final Parties parties;

    ProxyTurn(Parties parties) {
        this.parties = parties;
    }

    /** Waits until a contender that was started opens tunnels, then lets it open and carry for a while. */
    void warmUp(Contender contender) {
        awaitOpening(contender);
        try {
            // A JVM that is warm for tunnels that open is not when it has carried much: without the second turn a
            // tunnel took
            // 300 us of it in the first two rounds and 134 to 180 later, with it 200 to 215 and 114 to 124.
            for (int i = 0; i < WARM_BULKS; i++) {
                Bulk.carry(contender, parties, BUSY, BULK_WARM_UP);
                Bulk.carry(contender, parties, 1, BULK_WARM_UP);
                openUntilNoFaster(contender);
            }
        } catch (IOException e) {
            throw failed(contender, e);
        }
    }

    /**
     * Carries a load, and says what that tells: values by name.
     *
     * @param contender that runs and is warm; for a {@link ProxyTask#cold} task one that this turn starts and ends
     */
    Map<String, Double> take(ProxyTask task, Contender contender) {
        try {
            return switch (task) {
                case BULK1 -> bulk("bulk1", contender, 1);
                case BULK64 -> bulk("bulk64", contender, BUSY);
                case STALLED -> Map.of("stalled_cost", Stall.percent(contender, BUSY));
                case CONNECTS -> connects(contender);
                case START -> starts(contender);
                case IDLE -> idle(contender);
            };
        } catch (IOException e) {
            throw failed(contender, e);
        }
    }

    private Map<String, Double> bulk(String name, Contender contender, int tunnels) throws IOException {
        Bulk bulk = Bulk.carry(contender, parties, tunnels, BULK);
        Spent spent = bulk.spent();
        Map<String, Double> values = new HashMap<>();
        values.put(name, bulk.gigabitsPerSecond());
        values.put(name + "_cpu_ends", (spent.client() + spent.target()) / bulk.gigabits());
        values.put(name + "_cores_client", spent.client() / bulk.seconds());
        values.put(name + "_cores_target", spent.target() / bulk.seconds());
        if (contender.proxied()) {
            values.put(name + "_cpu", spent.proxy() / bulk.gigabits());
            values.put(name + "_cores_proxy", spent.proxy() / bulk.seconds());
        }
        return values;
    }

    private Map<String, Double> connects(Contender contender) throws IOException {
        Spent before = parties.spent(contender);
        long start = System.nanoTime();
        long count = Tunnels.openAndClose(contender, CONNECTS);
        double seconds = (System.nanoTime() - start) / 1e9;
        Spent spent = parties.spent(contender).since(before);
        Map<String, Double> values = new HashMap<>();
        values.put("connect_rate", count / seconds);
        values.put("connect_cpu_ends", (spent.client() + spent.target()) * 1e6 / count);
        values.put("connect_cores_client", spent.client() / seconds);
        values.put("connect_cores_target", spent.target() / seconds);
        if (contender.proxied()) {
            values.put("connect_cpu", spent.proxy() * 1e6 / count);
            values.put("connect_cores_proxy", spent.proxy() / seconds);
        }
        return values;
    }

    private static Map<String, Double> starts(Contender contender) {
        if (!contender.proxied()) {
            return Map.of();
        }
        double[] seconds = new double[STARTS];
        for (int i = 0; i < STARTS; i++) {
            long begin = System.nanoTime();
            contender.start();
            try {
                awaitOpening(contender);
                seconds[i] = (System.nanoTime() - begin) / 1e9;
            } finally {
                contender.close();
            }
        }
        Arrays.sort(seconds);
        return Map.of("start_s", seconds[STARTS / 2]);
    }

    private Map<String, Double> idle(Contender contender) throws IOException {
        List<SocketChannel> open = new ArrayList<>();
        contender.start();
        try {
            awaitOpening(contender);
            openUntilNoFaster(contender);
            open.addAll(Tunnels.open(contender, FEW));
            double few = cost(contender);
            double before = contender.residentMegabytes();
            open.addAll(Tunnels.open(contender, MANY - FEW));
            LockSupport.parkNanos(SETTLING);
            double kilobytes = (contender.residentMegabytes() - before) * 1e3 / (MANY - FEW);
            open.addAll(Tunnels.open(contender, 1));
            Trips trips = Trips.make(contender, open.getLast(), TRIPS);
            double many = cost(contender);
            Map<String, Double> values = new HashMap<>();
            values.put("echo_p50_9000", trips.p50Micros());
            values.put("echo_p99_9000", trips.p99Micros());
            if (contender.proxied()) {
                values.put("kb_per_tunnel", kilobytes);
                values.put("connect_cpu_10", few);
                values.put("connect_cpu_9000", many);
                values.put("connect_growth", many / few);
                values.put("resident_mb_9000", contender.residentMegabytes());
            }
            return values;
        } finally {
            open.forEach(Tunnels::end);
            contender.close();
        }
    }

    /** A JVM's second compiler is at work for more than ten seconds, on cores that are busy anyhow; others are warm at once. */
    private static void openUntilNoFaster(Contender contender) throws IOException {
        long best = 0;
        int since = 0;
        for (int i = 0; i < WARM_UPS && since < NO_FASTER; i++) {
            long count = Tunnels.openAndClose(contender, WARM_UP);
            since = count > best + best / 30 ? 0 : since + 1;
            best = Math.max(best, count);
        }
    }

    /** CPU time of the proxy for each tunnel, in microseconds. */
    private static double cost(Contender contender) throws IOException {
        double before = contender.cpuSeconds();
        long count = Tunnels.openAndClose(contender, COST);
        return (contender.cpuSeconds() - before) * 1e6 / count;
    }

    static void awaitOpening(Contender contender) {
        long deadline = System.nanoTime() + READY;
        while (true) {
            try {
                Tunnels.open(contender, 1).forEach(Tunnels::end);
                return;
            } catch (IOException | BenchmarkException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw failed(contender, e);
                }
                LockSupport.parkNanos(LOOK);
            }
        }
    }

    private static BenchmarkException failed(Contender contender, Exception reason) {
        return new BenchmarkException(
                contender.name() + " cannot be measured: " + reason.getMessage() + "; it said: "
                        + contender.lastWords(),
                reason);
    }
}
