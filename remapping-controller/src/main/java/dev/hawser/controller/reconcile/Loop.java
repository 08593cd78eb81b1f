// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.inbound.SimpleInboundEventSource;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What all loops share: the bell that the {@link Triggers} ring, and that the loop writes for itself whatever is to be
 * written, so the framework updates nothing.
 */
abstract class Loop<P extends HasMetadata> implements Reconciler<P> {
    private final SimpleInboundEventSource<P> bell;
    private volatile BooleanSupplier leading = () -> true;

    Loop(SimpleInboundEventSource<P> bell) {
        this.bell = bell;
    }

    /** Does nothing from now on unless this says yes: the election is lost some time before the loops are stopped. */
    final Loop<P> onlyWhile(BooleanSupplier leads) {
        leading = leads;
        return this;
    }

    @Override
    public final List<EventSource<?, P>> prepareEventSources(EventSourceContext<P> context) {
        return List.of(bell);
    }

    @Override
    public final UpdateControl<P> reconcile(P object, Context<P> context) {
        if (leading.getAsBoolean()) {
            settle(object);
        }
        return UpdateControl.noUpdate();
    }

    /** Brings the object, and what belongs to it, into the state it should have. */
    abstract void settle(P object);
}
