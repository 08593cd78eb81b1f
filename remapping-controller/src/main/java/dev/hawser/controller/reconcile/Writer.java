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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writing of custom resources: compare with what was read last, and replace that version and no other. A whole spec is
 * replaced, so that a field that somebody added by hand goes too, and nothing is written that is so already. What was read
 * last comes from the watch; the API server is asked only where somebody was faster. Safe for any thread.
 */
final class Writer {
    /** Marks what the controller made, for people and for selectors. */
    static final Map<String, String> LABELS = Map.of("app.kubernetes.io/managed-by", "hawser-controller");

    /** Set on a Network whose Peering is gone: the time since when. */
    static final String RELEASED = "ipam.hawser.dev/released";

    private static final int ATTEMPTS = 5;
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    /** What was read last; it may lag, and must not be changed. */
    interface LastRead {
        /** Knows nothing. */
        LastRead NOTHING = new LastRead() {
            @Override
            public <C extends HasMetadata> Optional<C> last(Class<C> type, String namespace, String name) {
                return Optional.empty();
            }
        };

        /** An object as it was read last; empty also for a kind that is not watched. */
        <C extends HasMetadata> Optional<C> last(Class<C> type, String namespace, String name);
    }

    private final KubernetesClient client;
    private final LastRead view;

    Writer(KubernetesClient client, LastRead view) {
        this.client = client;
        this.view = view;
    }

    /** Makes an object have this spec, and exist. */
    <S, T, C extends CustomResource<S, T>> void put(
            Class<C> type, Supplier<C> empty, String namespace, String name, S spec) {
        swap(type, namespace, name, view.last(type, namespace, name), known -> {
            C wanted = empty.get();
            wanted.setSpec(spec);
            if (known.isEmpty()) {
                wanted.setMetadata(new ObjectMetaBuilder()
                        .withNamespace(namespace)
                        .withName(name)
                        .withLabels(LABELS)
                        .build());
                client.resource(wanted).create();
            } else if (!spec.equals(known.get().getSpec()) || isReleased(known.get())) {
                wanted.setMetadata(new ObjectMetaBuilder(known.get().getMetadata())
                        .withManagedFields(List.of())
                        .removeFromAnnotations(RELEASED)
                        .build());
                client.resource(wanted).update();
            }
        });
    }

    /**
     * Changes the status of an object, if it still exists.
     *
     * @param change from the status that stands, null if there is none
     */
    <S, T, C extends CustomResource<S, T>> void putStatus(
            Class<C> type, Supplier<C> empty, String namespace, String name, UnaryOperator<@Nullable T> change) {
        Optional<C> last = view.last(type, namespace, name).or(() -> read(type, namespace, name));
        swap(type, namespace, name, last, known -> {
            T old = known.map(CustomResource::getStatus).orElse(null);
            T wanted = known.isEmpty() ? null : change.apply(old);
            if (!Objects.equals(wanted, old)) {
                client.resource(statusOf(known.orElseThrow(), empty, wanted)).updateStatus();
            }
        });
    }

    /** The API server takes nothing but the status, so the rest, which may be a hundred kilobytes, stays here. */
    private static <S, T, C extends CustomResource<S, T>> C statusOf(C known, Supplier<C> empty, @Nullable T status) {
        C wanted = empty.get();
        wanted.setMetadata(new ObjectMetaBuilder()
                .withNamespace(known.getMetadata().getNamespace())
                .withName(known.getMetadata().getName())
                .withUid(known.getMetadata().getUid())
                .withResourceVersion(known.getMetadata().getResourceVersion())
                .build());
        wanted.setStatus(status);
        return wanted;
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

    private <C extends CustomResource<?, ?>> void swap(
            Class<C> type, String namespace, String name, Optional<C> last, Consumer<Optional<C>> attempt) {
        Optional<C> known = last;
        for (int i = 1; ; i++) {
            try {
                attempt.accept(known);
                return;
            } catch (KubernetesClientException failure) {
                if (!lostRace(failure) || i == ATTEMPTS) {
                    throw failure;
                }
                LOG.debug("somebody else wrote {} {} meanwhile; reading it again", type.getSimpleName(), name);
                known = read(type, namespace, name);
            }
        }
    }

    private <C extends CustomResource<?, ?>> Optional<C> read(Class<C> type, String namespace, String name) {
        return Optional.ofNullable(
                client.resources(type).inNamespace(namespace).withName(name).get());
    }
}
