// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.ipam.FamilyUsage;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.Pool;
import dev.hawser.controller.plan.BlockPlan;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.allocate.AddressBlock;
import io.fabric8.kubernetes.api.model.Condition;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The grants for monitoring: how full pools and external ranges are, how long an object waits for its grant, and how many
 * get none and why. Only the replica that leads shows them. Safe for any thread.
 */
public final class GrantMetrics {
    private static final List<String> OBSTACLES = List.of("Conflict", "Exhausted", "Refused");
    private static final int MOST_WAITING = 10_000;

    private final MultiGauge used;
    private final MultiGauge free;
    private final MultiGauge refused;
    private final Timer wait;
    /** Since when an object asks, by uid; of very many the first are forgotten. */
    private final Map<String, Long> waiting = new LinkedHashMap<>() {
        @java.io.Serial
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MOST_WAITING;
        }
    };

    /** The metrics of this process; one for all controllers that it makes one after the other. */
    public GrantMetrics(MeterRegistry registry) {
        this.used = MultiGauge.builder("hawser.ipam.addresses.used")
                .description("addresses granted or promised, of a Pool or an external Network")
                .register(registry);
        this.free = MultiGauge.builder("hawser.ipam.addresses.free")
                .description("addresses that could be granted now, of a Pool or an external Network")
                .register(registry);
        this.refused = MultiGauge.builder("hawser.ipam.ungranted")
                .description("objects that get no grant, by the condition that says why")
                .register(registry);
        this.wait = Timer.builder("hawser.ipam.grant")
                .description("time from the first look at an object without a grant until it records one")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofMillis(5))
                .maximumExpectedValue(Duration.ofMinutes(1))
                .register(registry);
    }

    /** An object was seen that has no grant and should have one. */
    void asks(String uid, long nanos) {
        synchronized (waiting) {
            waiting.putIfAbsent(uid, nanos);
        }
    }

    /** It records its grant. */
    void granted(String uid, long nanos) {
        Long since;
        synchronized (waiting) {
            since = waiting.remove(uid);
        }
        if (since != null) {
            wait.record(Duration.ofNanos(nanos - since));
        }
    }

    /** Shows what the view shows. */
    void show(ClusterView view) {
        List<Row<?>> taken = new ArrayList<>();
        List<Row<?>> left = new ArrayList<>();
        view.pool().map(Pool::getStatus).stream()
                .flatMap(status -> status.usage().stream())
                .forEach(usage -> pool(usage, taken, left));
        view.networks().forEach(network -> external(network, view.ips(), taken, left));
        used.register(taken, true);
        free.register(left, true);
        refused.register(refusals(view), true);
    }

    /** Shows nothing: somebody else leads. */
    void hide() {
        used.register(List.of(), true);
        free.register(List.of(), true);
        refused.register(List.of(), true);
    }

    private static void pool(FamilyUsage usage, List<Row<?>> taken, List<Row<?>> left) {
        Tags tags = Tags.of("kind", "Pool", "name", ObjectNames.POOL, "family", usage.family());
        taken.add(Row.of(tags, Double.parseDouble(usage.used())));
        left.add(Row.of(tags, Double.parseDouble(usage.free())));
    }

    private static void external(Network network, List<IP> ips, List<Row<?>> taken, List<Row<?>> left) {
        Optional<Cidr> granted = BlockPlan.recorded(network.getStatus());
        if (network.getSpec().purpose() != NetworkPurpose.External || granted.isEmpty()) {
            return;
        }
        Cidr cidr = granted.get();
        long holders = ips.stream()
                .flatMap(AddressLedger::holders)
                .filter(holder -> cidr.contains(holder.address()))
                .count();
        Tags tags = Tags.of(
                "kind",
                "Network",
                "name",
                network.getMetadata().getName(),
                "family",
                cidr.family() == Family.IPV4 ? "IPv4" : "IPv6");
        taken.add(Row.of(tags, holders));
        left.add(Row.of(tags, new AddressBlock(cidr).free() - holders));
    }

    private static List<Row<?>> refusals(ClusterView view) {
        List<Row<?>> rows = new ArrayList<>();
        for (String obstacle : OBSTACLES) {
            long ips = view.ips().stream()
                    .filter(ip -> ip.getStatus() != null && holds(ip.getStatus().conditions(), obstacle))
                    .count();
            long networks = view.networks().stream()
                    .filter(network -> network.getStatus() != null
                            && holds(network.getStatus().conditions(), obstacle))
                    .count();
            rows.add(Row.of(Tags.of("kind", "IP", "condition", obstacle), ips));
            rows.add(Row.of(Tags.of("kind", "Network", "condition", obstacle), networks));
        }
        return rows;
    }

    private static boolean holds(List<Condition> conditions, String type) {
        return Conditions.of(conditions).holds(type);
    }
}
