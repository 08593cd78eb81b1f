// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.ipam.Network;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writing of custom resources: read, compare, and replace what was read. A whole spec is replaced, so that a field that
 * somebody added by hand goes too, and nothing is written that is so already. Safe for any thread.
 */
final class Writer {
    /** Marks what the controller made, for people and for selectors. */
    static final Map<String, String> LABELS = Map.of("app.kubernetes.io/managed-by", "hawser-controller");

    /** Set on a Network whose Peering is gone: the time since when. */
    static final String RELEASED = "ipam.hawser.dev/released";

    private static final int ATTEMPTS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    private final KubernetesClient client;

    Writer(KubernetesClient client) {
        this.client = client;
    }

    /** Makes an object have this spec, and exist. */
    <S, T, C extends CustomResource<S, T>> void put(
            Class<C> type, Supplier<C> empty, String namespace, String name, S spec) {
        swap(type.getSimpleName() + " " + name, () -> {
            C live =
                    client.resources(type).inNamespace(namespace).withName(name).get();
            if (live == null) {
                C made = empty.get();
                made.setMetadata(new ObjectMetaBuilder()
                        .withNamespace(namespace)
                        .withName(name)
                        .withLabels(LABELS)
                        .build());
                made.setSpec(spec);
                client.resource(made).create();
            } else if (!spec.equals(live.getSpec()) || isReleased(live)) {
                live.setSpec(spec);
                live.getMetadata().getAnnotations().remove(RELEASED);
                client.resource(live).update();
            }
        });
    }

    /**
     * Changes the status of an object, if it still exists.
     *
     * @param change from the status that stands, null if there is none
     */
    <S, T, C extends CustomResource<S, T>> void putStatus(
            Class<C> type, String namespace, String name, UnaryOperator<@Nullable T> change) {
        swap("status of " + type.getSimpleName() + " " + name, () -> {
            C live =
                    client.resources(type).inNamespace(namespace).withName(name).get();
            if (live != null) {
                T wanted = change.apply(live.getStatus());
                if (!Objects.equals(wanted, live.getStatus())) {
                    live.setStatus(wanted);
                    client.resource(live).updateStatus();
                }
            }
        });
    }

    /**
     * Writes the status of an object as it was read, or not at all.
     *
     * @return false if somebody changed or deleted it since
     */
    <C extends CustomResource<?, ?>> boolean swapStatus(C read) {
        try {
            client.resource(read).updateStatus();
            return true;
        } catch (KubernetesClientException failure) {
            if (lostRace(failure)) {
                return false;
            }
            throw failure;
        }
    }

    /** Notes since when nobody needs a Network. */
    void release(Network network, String since) {
        annotate(network, annotations -> annotations.put(RELEASED, since));
    }

    /** Takes back that nobody needs a Network. */
    void reclaim(Network network) {
        annotate(network, annotations -> annotations.remove(RELEASED));
    }

    /** Whether it is noted that nobody needs an object. */
    static boolean isReleased(CustomResource<?, ?> object) {
        return object.getMetadata().getAnnotations().containsKey(RELEASED);
    }

    /** Whether the controller made an object. */
    static boolean isLabelled(HasMetadata object) {
        Map<String, String> labels = object.getMetadata().getLabels();
        return labels != null && labels.entrySet().containsAll(LABELS.entrySet());
    }

    static boolean lostRace(KubernetesClientException failure) {
        return failure.getCode() == HttpURLConnection.HTTP_CONFLICT
                || failure.getCode() == HttpURLConnection.HTTP_NOT_FOUND;
    }

    private void annotate(Network network, Consumer<Map<String, String>> change) {
        ObjectMeta metadata = network.getMetadata();
        client.resources(Network.class)
                .inNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .edit(live -> {
                    Map<String, String> annotations =
                            new TreeMap<>(live.getMetadata().getAnnotations());
                    change.accept(annotations);
                    live.getMetadata().setAnnotations(annotations);
                    return live;
                });
    }

    private static void swap(String what, Runnable attempt) {
        for (int i = 1; ; i++) {
            try {
                attempt.run();
                return;
            } catch (KubernetesClientException failure) {
                if (!lostRace(failure) || i == ATTEMPTS) {
                    throw failure;
                }
                LOG.debug("somebody else wrote {} meanwhile; reading it again", what);
            }
        }
    }
}
