// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.ipam.address.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Addresses of the host names in endpoints, looked up again every half minute, and every five seconds while a peer is away, on
 * threads of their own: a resolver that hangs must not stop anything else. A name that cannot be found keeps the addresses it
 * had. Safe for any thread.
 */
final class HostNames implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostNames.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Duration HURRY = Duration.ofSeconds(5);
    private static final int THREADS = 4;

    static {
        // Java would give the addresses it once found for half a minute, whatever the name's record says.
        Security.setProperty("networkaddress.cache.ttl", "1");
        Security.setProperty("networkaddress.cache.negative.ttl", "1");
    }

    /** Where addresses come from. */
    @FunctionalInterface
    interface Resolver {
        /** The addresses of a name; may take long. */
        InetAddress[] resolve(String name) throws UnknownHostException;
    }

    private final Map<String, List<IpAddress>> known = new ConcurrentHashMap<>();
    private final Map<String, Future<?>> lookUps = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor threads;
    private final Map<String, Long> lookedUpAt = new ConcurrentHashMap<>();
    private final Runnable changed;
    private final Resolver resolver;
    private final Duration hurry;
    private volatile boolean hurried;

    /** @param changed called on a thread of this object after an address appeared or went */
    HostNames(Runnable changed) {
        this(changed, InetAddress::getAllByName, HURRY);
    }

    HostNames(Runnable changed, Resolver resolver, Duration hurry) {
        this.changed = changed;
        this.resolver = resolver;
        this.hurry = hurry;
        this.threads = new ScheduledThreadPoolExecutor(
                THREADS, Thread.ofPlatform().name("resolver-", 0).daemon().factory());
    }

    Map<String, List<IpAddress>> known() {
        return Map.copyOf(known);
    }

    /** Looks these names up from now on, and no others. */
    void want(Set<String> names) {
        lookUps.entrySet()
                .removeIf(lookUp ->
                        !names.contains(lookUp.getKey()) && lookUp.getValue().cancel(true));
        known.keySet().retainAll(names);
        lookedUpAt.keySet().retainAll(names);
        for (String name : names) {
            lookUps.computeIfAbsent(name, this::repeat);
        }
    }

    /** Whether a peer is away, which may be because it is at another address now. */
    void hurry(boolean away) {
        hurried = away;
    }

    private Future<?> repeat(String name) {
        return threads.scheduleWithFixedDelay(() -> lookUpIfDue(name), 0, hurry.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookUpIfDue(String name) {
        long now = System.nanoTime();
        Long before = lookedUpAt.get(name);
        if (hurried || before == null || now - before >= INTERVAL.toNanos()) {
            lookedUpAt.put(name, now);
            lookUp(name);
        }
    }

    private void lookUp(String name) {
        try {
            List<IpAddress> found = Arrays.stream(resolver.resolve(name))
                    .map(address -> IpAddress.ofBytes(address.getAddress()))
                    .sorted()
                    .toList();
            if (!found.equals(known.put(name, found))) {
                LOG.info("endpoint host {} is {}", name, found);
                changed.run();
            }
        } catch (UnknownHostException e) {
            LOG.warn("endpoint host {} cannot be resolved; {} are kept", name, known.getOrDefault(name, List.of()));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
