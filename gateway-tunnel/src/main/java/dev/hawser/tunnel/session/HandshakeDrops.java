// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counters of dropped handshake messages by reason. Thread-safe. */
public final class HandshakeDrops {
    private final Map<HandshakeDrop, LongAdder> counters;

    HandshakeDrops() {
        Map<HandshakeDrop, LongAdder> all = new EnumMap<>(HandshakeDrop.class);
        for (HandshakeDrop reason : HandshakeDrop.values()) {
            all.put(reason, new LongAdder());
        }
        this.counters = Collections.unmodifiableMap(all);
    }

    void add(HandshakeDrop reason) {
        Objects.requireNonNull(counters.get(reason)).increment();
    }

    /** All counters that are not zero at this moment. */
    public Map<HandshakeDrop, Long> snapshot() {
        Map<HandshakeDrop, Long> snapshot = new EnumMap<>(HandshakeDrop.class);
        counters.forEach((reason, counter) -> {
            long sum = counter.sum();
            if (sum > 0) {
                snapshot.put(reason, sum);
            }
        });
        return snapshot;
    }
}
