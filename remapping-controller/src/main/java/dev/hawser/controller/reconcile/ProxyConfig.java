// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.controller.plan.NodeAddresses;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.controller.plan.ProxySources;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ConfigMap of the API server proxy: who may come there follows from the Pool, from us and from the peers, and is
 * written whenever that changes; everything else in it belongs to people. The proxy may not ask the API server, so this is
 * how it learns of peers. Safe for one thread at a time.
 *
 * <p>It is not watched: the right to watch cannot be given for one object alone in a useful way, and what a hand changes
 * there is put right within half a minute.
 */
final class ProxyConfig {
    private static final String KEY = "proxy.yaml";
    private static final Duration TRUSTED = Duration.ofSeconds(30);
    private static final String HEAD = """
            # The controller writes "sources" whenever a peer, the Pool or this cluster's ranges change.
            # "targets", "limits" and "drain" are yours: it keeps what they say, though not comments.
            """;

    private static final Logger LOG = LoggerFactory.getLogger(ProxyConfig.class);

    private final KubernetesClient client;
    private final ClusterView view;
    private final Scope scope;
    private final InstantSource clock;
    private @Nullable ProxySources written;
    private Instant writtenAt = Instant.EPOCH;

    ProxyConfig(KubernetesClient client, ClusterView view, Scope scope, InstantSource clock) {
        this.client = client;
        this.view = view;
        this.scope = scope;
        this.clock = clock;
    }

    /** Brings the ConfigMap up to date, if it has to be. */
    void settle() {
        Optional<ProxySources> known = sources();
        Instant now = clock.instant();
        if (known.isEmpty() || (known.get().equals(written) && now.isBefore(writtenAt.plus(TRUSTED)))) {
            return;
        }
        put(known.get());
        written = known.get();
        writtenAt = now;
    }

    private Optional<ProxySources> sources() {
        Optional<OwnCluster> own = view.own();
        if (own.isEmpty() || view.pool().isEmpty()) {
            return Optional.empty();
        }
        List<String> nodes = view.nodes().stream()
                .flatMap(node -> NodeAddresses.of(node).stream())
                .map(reservation -> reservation.cidr().toString())
                .toList();
        return Optional.of(ProxySources.of(
                view.pool().get().getSpec().cidrs(),
                own.get(),
                nodes,
                view.networks().stream()
                        .filter(network -> !Writer.isReleased(network))
                        .toList()));
    }

    private void put(ProxySources sources) {
        ConfigMap live = client.configMaps()
                .inNamespace(scope.namespace())
                .withName(ObjectNames.API_SERVER_PROXY)
                .get();
        if (live == null) {
            // Installed without the proxy.
            return;
        }
        Map<String, String> data = live.getData() == null ? new TreeMap<>() : new TreeMap<>(live.getData());
        Map<String, Object> file = fields(data.getOrDefault(KEY, ""));
        Map<String, Object> wanted = file == null ? Map.of() : sources.in(file);
        if (file == null || wanted.equals(file)) {
            return;
        }
        data.put(KEY, HEAD + Serialization.asYaml(wanted));
        live.setData(data);
        try {
            client.resource(live).update();
        } catch (KubernetesClientException failure) {
            if (!Writer.lostRace(failure)) {
                throw failure;
            }
            throw new ControllerException("somebody else wrote ConfigMap api-server-proxy meanwhile", failure);
        }
        LOG.info("told the API server proxy of {} peers", sources.peers().size());
    }

    /** The fields as they stand; null where they cannot be read: a slip of a hand must not cost it what it wrote. */
    private static @Nullable Map<String, Object> fields(String text) {
        try {
            Map<?, ?> read = Serialization.unmarshal(text, Map.class);
            Map<String, Object> fields = new LinkedHashMap<>();
            if (read != null) {
                read.forEach((name, value) -> fields.put(String.valueOf(name), value));
            }
            return fields;
        } catch (IllegalArgumentException unreadable) {
            LOG.warn(
                    "ConfigMap api-server-proxy has something under {} that is no YAML, so the proxy hears of no change; correct it: {}",
                    KEY,
                    unreadable.getMessage());
            return null;
        }
    }
}
