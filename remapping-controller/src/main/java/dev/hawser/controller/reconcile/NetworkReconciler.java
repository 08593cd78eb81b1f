// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.AddressIntent;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.controller.plan.GatewayPlan;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Network -> its grant: one of purpose External has the range it names, one of purpose Remapped gets a block from the
 * ledger. The other purposes only keep their range from being granted.
 */
final class NetworkReconciler extends Loop<Network> {
    private final Writer writer;
    private final ClusterView view;
    private final Triggers triggers;
    private final BlockLedger blocks;
    private final AddressLedger addresses;
    private final Scope scope;
    private final InstantSource clock;

    NetworkReconciler(
            Writer writer,
            Triggers triggers,
            ClusterView view,
            BlockLedger blocks,
            AddressLedger addresses,
            Scope scope,
            InstantSource clock) {
        super(triggers.networks());
        this.writer = writer;
        this.view = view;
        this.triggers = triggers;
        this.blocks = blocks;
        this.addresses = addresses;
        this.scope = scope;
        this.clock = clock;
    }

    @Override
    void settle(Network network) {
        if (network.getSpec().purpose() == NetworkPurpose.Remapped) {
            blocks.settle(network);
        } else {
            view.own().ifPresent(own -> recorded(network, own));
        }
    }

    private void recorded(Network network, OwnCluster own) {
        Verdict verdict;
        String granted = null;
        try {
            Cidr cidr = Cidr.parse(network.getSpec().cidr());
            verdict = network.getSpec().purpose() == NetworkPurpose.External
                    ? GatewayPlan.external(own, cidr)
                    : new Verdict.Holds("Recorded", cidr + " is kept from being granted");
            granted = verdict instanceof Verdict.Holds ? cidr.toString() : null;
            if (network.getStatus() != null && !network.getStatus().intents().isEmpty()) {
                complete(network.getStatus().intents());
                addresses.tidy(cidr);
            }
        } catch (AddressException unreadable) {
            verdict = new Verdict.Fails("Unreadable", unreadable.getMessage() + "; correct the spec");
        }
        write(network, granted, verdict);
    }

    /** An intent that a controller left behind when it died is completed by its IP's own loop. */
    private void complete(List<AddressIntent> intents) {
        intents.forEach(intent -> triggers.ip(intent.namespace(), intent.name()));
    }

    private void write(Network network, @Nullable String granted, Verdict verdict) {
        String type = verdict instanceof Verdict.Holds ? "Ready" : "Conflict";
        NetworkStatus wanted = status(network, network.getStatus(), granted, type, verdict);
        if (!Objects.equals(wanted, network.getStatus())) {
            writer.putStatus(
                    Network.class,
                    Network::new,
                    scope.namespace(),
                    network.getMetadata().getName(),
                    live -> status(network, live, granted, type, verdict));
        }
    }

    private NetworkStatus status(
            Network network, @Nullable NetworkStatus live, @Nullable String granted, String type, Verdict verdict) {
        return new NetworkStatus(
                granted,
                live == null ? List.of() : live.intents(),
                live == null ? List.of() : live.released(),
                NetworkConditions.of(network, type, verdict, clock.instant()),
                network.getMetadata().getGeneration());
    }
}
