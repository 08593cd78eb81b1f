// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.tunnel.crypto.Tai64n;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a gateway that is started again begins with, before the API server has told it anything: the plan that was in force and
 * the keys. It is as old as what a gateway knows that runs on while the API server is away, and gives way to the first plan
 * that is made from the objects.
 *
 * @param plan the part of it that was carried out
 * @param keys of this gateway; the plan uses these very ones
 * @param timestamp a label that no initiation with these keys has reached, as far as it is known
 */
public record Checkpoint(GatewayPlan plan, KeyMaterial keys, Optional<Tai64n> timestamp) {
    /** Leaves out what is not carried out: words for people, and Connections that are not served. */
    public Checkpoint {
        List<PeerPlan> served =
                plan.peers().stream().filter(PeerPlan.Served.class::isInstance).toList();
        plan = new GatewayPlan(plan.tunnel(), plan.node(), served, List.of(), Set.of());
    }

    /** The same for whoever starts after the one that starts now, and must not begin with labels that this one has used. */
    Checkpoint forTheNext() {
        return new Checkpoint(plan, keys, timestamp.map(label -> label.plusSeconds(KeyStore.MARGIN_SECONDS)));
    }
}
