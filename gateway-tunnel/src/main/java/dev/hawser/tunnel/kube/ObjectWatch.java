// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Connection;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The informers. They begin when the API server answers, go on when it comes back, and keep the last known objects in
 * between: the tunnel runs on without it. Safe for any thread.
 */
final class ObjectWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ObjectWatch.class);

    private final Runnable changed;
    private final AtomicLong edition = new AtomicLong();
    private final SharedIndexInformer<ClusterGateway> gateways;
    private final SharedIndexInformer<Configuration> configurations;
    private final SharedIndexInformer<Connection> connections;
    private final SharedIndexInformer<IP> exposures;

    ObjectWatch(KubernetesClient client, ObjectNames names, Runnable changed) {
        this.changed = changed;
        String namespace = names.namespace();
        this.gateways = informer(
                "ClusterGateway",
                client.resources(ClusterGateway.class).inNamespace(namespace).withName(names.clusterGateway()),
                ObjectWatch::always);
        this.configurations = informer(
                "Configurations", client.resources(Configuration.class).inNamespace(namespace), ObjectWatch::always);
        // Their status is what this gateway itself writes: of a hundred peers, each write would plan all hundred anew.
        this.connections = informer(
                "Connections",
                client.resources(Connection.class).inNamespace(namespace),
                (before, after) -> !Objects.equals(before.getSpec(), after.getSpec())
                        || !Objects.equals(
                                before.getMetadata().getGeneration(),
                                after.getMetadata().getGeneration()));
        this.exposures = informer("IP objects", client.resources(IP.class).inAnyNamespace(), ObjectWatch::always);
    }

    private static <T> boolean always(T before, T after) {
        return true;
    }

    /** @param matters whether a plan may look different after this update */
    private <T> SharedIndexInformer<T> informer(String what, Informable<T> objects, BiPredicate<T, T> matters) {
        return objects.runnableInformer(0)
                .addEventHandler(new ResourceEventHandler<T>() {
                    @Override
                    public void onAdd(T object) {
                        tell();
                    }

                    @Override
                    public void onUpdate(T before, T after) {
                        if (matters.test(before, after)) {
                            tell();
                        }
                    }

                    @Override
                    public void onDelete(T object, boolean finalStateUnknown) {
                        tell();
                    }
                })
                .exceptionHandler((started, failure) -> {
                    LOG.warn("the watch on {} failed and is started again: {}", what, failure.toString());
                    return true;
                });
    }

    private void tell() {
        edition.incrementAndGet();
        changed.run();
    }

    /** A number that grows whenever a plan may look different: a view taken after it was read is not older than it. */
    long edition() {
        return edition.get();
    }

    /** Starts to follow, and returns at once. */
    void start() {
        // An empty list is no event, but it may be the last one that was missing.
        informers().forEach(informer -> informer.start().thenRun(changed));
    }

    /** Whether every kind has been listed once. */
    boolean synced() {
        return informers().stream().allMatch(SharedIndexInformer::hasSynced);
    }

    ClusterView view() {
        return new ClusterView(
                gateways.getStore().list().stream().findFirst(),
                configurations.getStore().list(),
                connections.getStore().list(),
                exposures.getStore().list());
    }

    @Override
    public void close() {
        informers().forEach(SharedIndexInformer::stop);
    }

    private List<SharedIndexInformer<?>> informers() {
        return List.of(gateways, configurations, connections, exposures);
    }
}
