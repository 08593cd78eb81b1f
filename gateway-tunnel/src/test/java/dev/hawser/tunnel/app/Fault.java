// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.tunnel.engine.PeerStatus;
import java.time.Duration;

/**
 * Something that is done to a pair, and what its gateways should make of it.
 *
 * @param name what a person reads
 * @param effect what is expected
 * @param inject does it
 * @param heal undoes it; nothing where the gateways have to live with it or to mend it themselves
 * @param settled whether all is well again, asked with the time since when
 * @param overIpv6 whether the wire between the gateways carries IPv6
 */
record Fault(String name, Effect effect, Action inject, Action heal, Settled settled, boolean overIpv6) {
    /** What is expected. */
    enum Effect {
        /** The condition Connected of the Connection fails within five seconds; data flows again when the fault is gone. */
        NOTICED(Duration.ofSeconds(5)),
        /** The Connection says that many probes are lost, which takes some of them. */
        DEGRADED(Duration.ofSeconds(20)),
        /** The gateways mend it; whether they say something in between depends on how long that takes. */
        MENDED(Duration.ZERO),
        /** Nothing happens to data or status. */
        BORNE(Duration.ZERO);

        private final Duration noticedWithin;

        Effect(Duration noticedWithin) {
            this.noticedWithin = noticedWithin;
        }

        /** Whether this is what people would notice it by. */
        boolean isShownBy(PeerStatus status) {
            return this == NOTICED ? !status.connected() : status.phase() != PeerStatus.Phase.CONNECTED;
        }

        Duration noticedWithin() {
            return noticedWithin;
        }
    }

    /** One step. */
    @FunctionalInterface
    interface Action {
        void on(FaultPair pair) throws Exception;
    }

    /** A question. */
    @FunctionalInterface
    interface Settled {
        boolean isSo(FaultPair pair, long sinceNanos);
    }

    static Fault noticed(String name, Action inject, Action heal) {
        return new Fault(name, Effect.NOTICED, inject, heal, Fault::flows, false);
    }

    static Fault degraded(String name, Action inject, Action heal) {
        return new Fault(name, Effect.DEGRADED, inject, heal, Fault::flows, false);
    }

    static Fault mended(String name, Action inject) {
        return new Fault(name, Effect.MENDED, inject, pair -> {}, Fault::flows, false);
    }

    static Fault borne(String name, Action inject) {
        return new Fault(name, Effect.BORNE, inject, pair -> {}, Fault::flows, false);
    }

    /** The same fault, which is over when this is so as well. */
    Fault until(Settled also) {
        Settled both = (pair, since) -> settled.isSo(pair, since) && also.isSo(pair, since);
        return new Fault(name, effect, inject, heal, both, overIpv6);
    }

    /** The same fault between gateways that reach each other over IPv6. */
    Fault acrossIpv6() {
        return new Fault(name + ", over IPv6", effect, inject, heal, settled, true);
    }

    private static boolean flows(FaultPair pair, long since) {
        return pair.flowsSince(since) && pair.isConnected();
    }
}
