// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Events for people, beside the object they are about. The same news twice is one Event with a count, and an object gets
 * at most one new Event in 3 s beyond a burst of 10, and of good news there is one a second in all beyond a burst of 25:
 * nobody's flapping fills the API server. Safe for any thread.
 */
final class Announcer {
    private static final int BURST = 10;
    private static final Duration REFILL = Duration.ofSeconds(3);
    /** Of good news about all objects together: who creates hundreds at once does not read an Event of each. */
    private static final int GOOD_BURST = 25;

    private static final Duration GOOD_REFILL = Duration.ofSeconds(1);
    private static final int MOST_OBJECTS = 1024;
    private static final int LONGEST_MESSAGE = 1000;
    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("hawser-controller")
            .withForce(true)
            .build();

    private record Told(Instant first, int count) {
        Told again() {
            return new Told(first, count + 1);
        }
    }

    private static final class Budget {
        private final int burst;
        private final Duration refill;
        private double left;
        private Instant at;

        Budget(int burst, Duration refill, Instant at) {
            this.burst = burst;
            this.refill = refill;
            this.left = burst;
            this.at = at;
        }

        boolean take(Instant now) {
            double refilled = (double) Duration.between(at, now).toMillis() / refill.toMillis();
            left = Math.min(burst, left + refilled);
            at = now;
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }
    }

    private final KubernetesClient client;
    private final String identity;
    private final InstantSource clock;
    private final Map<String, Budget> budgets = lru();
    private final Budget good;
    private final Map<String, Told> told = lru();

    Announcer(KubernetesClient client, String identity, InstantSource clock) {
        this.client = client;
        this.identity = identity;
        this.clock = clock;
        this.good = new Budget(GOOD_BURST, GOOD_REFILL, clock.instant());
    }

    /** Tells about an object. Never fails: an Event that cannot be written is a line in the log. */
    void tell(HasMetadata about, boolean warning, String reason, String message) {
        Instant now = clock.instant();
        String uid = about.getMetadata().getUid();
        String name =
                about.getMetadata().getName() + "." + Integer.toHexString(Objects.hash(uid, warning, reason, message));
        Told news;
        synchronized (this) {
            boolean admitted = budgets.computeIfAbsent(uid, _ -> new Budget(BURST, REFILL, now))
                    .take(now);
            if (!admitted || (!warning && !good.take(now))) {
                return;
            }
            news = told.compute(name, (_, before) -> before == null ? new Told(now, 1) : before.again());
        }
        LOG.info("{} {}: {}: {}", about.getKind(), about.getMetadata().getName(), reason, message);
        Event event = event(about, name, news, now)
                .withType(warning ? "Warning" : "Normal")
                .withReason(reason)
                .withMessage(message.length() <= LONGEST_MESSAGE ? message : message.substring(0, LONGEST_MESSAGE))
                .build();
        try {
            // Applied, not created: one request for the first time and for the tenth, and no right to read Events.
            client.resource(event).patch(APPLY);
        } catch (KubernetesClientException failure) {
            LOG.warn("could not write an Event: {}", failure.getMessage());
        }
    }

    private EventBuilder event(HasMetadata about, String name, Told told, Instant now) {
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(about.getMetadata().getNamespace())
                .withName(name)
                .endMetadata()
                .withInvolvedObject(new ObjectReferenceBuilder()
                        .withApiVersion(about.getApiVersion())
                        .withKind(about.getKind())
                        .withNamespace(about.getMetadata().getNamespace())
                        .withName(about.getMetadata().getName())
                        .withUid(about.getMetadata().getUid())
                        .build())
                .withNewSource("hawser-controller", identity)
                .withFirstTimestamp(told.first().toString())
                .withLastTimestamp(now.toString())
                .withCount(told.count());
    }

    private static <V> Map<String, V> lru() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            @java.io.Serial
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > MOST_OBJECTS;
            }
        };
    }
}
