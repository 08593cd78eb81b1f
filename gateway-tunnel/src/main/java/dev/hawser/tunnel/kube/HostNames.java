// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.ipam.address.IpAddress;
import java.net.InetAddress;
import java.net.UnknownHostException;
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
 * Addresses of the host names in endpoints, looked up again every half minute on threads of their own: a resolver that
 * hangs must not stop anything else. A name that cannot be found keeps the addresses it had. Safe for any thread.
 */
final class HostNames implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HostNames.class);
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final int THREADS = 4;

    private final Map<String, List<IpAddress>> known = new ConcurrentHashMap<>();
    private final Map<String, Future<?>> lookUps = new ConcurrentHashMap<>();
    private final ScheduledThreadPoolExecutor threads;
    private final Runnable changed;

    /** @param changed called on a thread of this object after an address appeared or went */
    HostNames(Runnable changed) {
        this.changed = changed;
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
        for (String name : names) {
            lookUps.computeIfAbsent(name, this::repeat);
        }
    }

    private Future<?> repeat(String name) {
        return threads.scheduleWithFixedDelay(() -> lookUp(name), 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookUp(String name) {
        try {
            List<IpAddress> found = Arrays.stream(InetAddress.getAllByName(name))
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
