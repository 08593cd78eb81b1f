// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.BlockIntent;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.ipam.PoolStatus;
import dev.hawser.controller.plan.BlockPlan;
import dev.hawser.controller.plan.BlockPlan.Answer;
import dev.hawser.controller.plan.BlockPlan.Claim;
import dev.hawser.controller.plan.BlockPlan.Outcome;
import dev.hawser.controller.plan.NodeAddresses;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Owner;
import dev.hawser.ipam.ledger.Reservation;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The grants of remapped ranges. The Pool records every grant as an intent before a Network does, by compare-and-swap on
 * what was read, so two controllers that both believe to lead give no block to two owners. Safe for any thread; settles
 * one round at a time.
 *
 * <p>It remembers what it granted: a Network whose status was edited by hand, or that was deleted, gets the same block.
 */
final class BlockLedger {
    private static final int ATTEMPTS = 8;
    private static final Logger LOG = LoggerFactory.getLogger(BlockLedger.class);

    private final KubernetesClient client;
    private final Writer writer;
    private final ClusterView view;
    private final Scope scope;
    private final InstantSource clock;
    private final Announcer announcer;
    private final GrantMetrics metrics;
    private final Map<Owner, Cidr> remembered = new ConcurrentHashMap<>();
    /** As of which state of the view all was found settled: every Network asks for all, so the answer is worth keeping. */
    private long settledAt = -1;

    BlockLedger(
            KubernetesClient client,
            Writer writer,
            ClusterView view,
            Scope scope,
            InstantSource clock,
            Announcer announcer,
            GrantMetrics metrics) {
        this.client = client;
        this.writer = writer;
        this.view = view;
        this.scope = scope;
        this.clock = clock;
        this.announcer = announcer;
        this.metrics = metrics;
    }

    /** The block of an owner, if this process has seen it granted. */
    Optional<Cidr> granted(OwnerReference owner) {
        try {
            return Optional.ofNullable(remembered.get(BlockPlan.owner(owner)));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    /** All that this process has seen granted. */
    Map<Owner, Cidr> granted() {
        return Map.copyOf(remembered);
    }

    /** Forgets what was granted to an owner who will not come back. */
    void forget(OwnerReference owner) {
        try {
            remembered.remove(BlockPlan.owner(owner));
        } catch (IllegalArgumentException unreadable) {
            LOG.debug("nothing was ever granted to {}", owner);
        }
    }

    /** Grants what is pending, repairs what is not as it was granted; cheap if there is nothing to do. */
    synchronized void settle() {
        long now = view.rangesVersion();
        if (now == settledAt) {
            return;
        }
        Optional<Pool> cached = view.pool();
        if (cached.isPresent() && isSettled(cached.get(), view.networks())) {
            settledAt = now;
            return;
        }
        for (int i = 0; i < ATTEMPTS; i++) {
            Pool pool = client.resources(Pool.class)
                    .inNamespace(scope.namespace())
                    .withName(ObjectNames.POOL)
                    .get();
            // After the Pool: an intent that is not there any more stands in its Network by now.
            List<Network> networks = client.resources(Network.class)
                    .inNamespace(scope.namespace())
                    .list()
                    .getItems();
            if (pool == null) {
                tellWithoutPool(networks);
                return;
            }
            if (isSettled(pool, networks)) {
                return;
            }
            round(pool, networks);
        }
        throw new IllegalStateException("grants of Pool " + ObjectNames.POOL + " did not settle in " + ATTEMPTS
                + " rounds: somebody else writes it all the time; the next event tries again");
    }

    /** The same for a Network that is looked at, from when on its wait counts if it has no block. */
    void settle(Network asking) {
        if (BlockPlan.recorded(asking.getStatus()).isEmpty()) {
            metrics.asks(asking.getMetadata().getUid(), System.nanoTime());
        }
        settle();
    }

    private boolean isSettled(Pool pool, List<Network> networks) {
        Optional<Outcome> outcome = decide(pool, networks);
        boolean settled = outcome.isPresent()
                && outcome.get().intents().isEmpty()
                && poolStatus(pool, outcome.get()).equals(pool.getStatus())
                && networks.stream()
                        .allMatch(network -> wanted(network, outcome.get())
                                .map(status -> status.equals(network.getStatus()))
                                .orElse(true));
        if (settled) {
            remember(networks, outcome.get());
        }
        return settled;
    }

    private void round(Pool pool, List<Network> networks) {
        Optional<Outcome> decided = decide(pool, networks);
        if (decided.isEmpty()) {
            return;
        }
        Outcome outcome = decided.get();
        PoolStatus status = poolStatus(pool, outcome);
        if (!status.equals(pool.getStatus())) {
            pool.setStatus(status);
            if (!writer.swapStatus(pool)) {
                return;
            }
        }
        for (Network network : networks) {
            wanted(network, outcome)
                    .filter(wanted -> !wanted.equals(network.getStatus()))
                    .ifPresent(wanted -> write(network, wanted));
        }
        remember(networks, outcome);
    }

    private void write(Network network, NetworkStatus wanted) {
        NetworkStatus before = network.getStatus();
        network.setStatus(wanted);
        if (!writer.swapStatus(network)) {
            return;
        }
        Conditions now = Conditions.of(wanted.conditions());
        if (wanted.cidr() != null && now.holds("Ready")) {
            metrics.granted(network.getMetadata().getUid(), System.nanoTime());
        }
        if (!Objects.equals(before == null ? null : before.cidr(), wanted.cidr())) {
            LOG.info("Network {} has {}", network.getMetadata().getName(), wanted.cidr());
        }
        // A grant shows in the Peering, of which people hear; why there is none, only here.
        Optional<String> told = message(before);
        now.find("Ready")
                .filter(_ -> !now.holds("Ready"))
                .filter(ready -> !told.equals(Optional.of(ready.getMessage())))
                .ifPresent(ready -> announcer.tell(network, true, ready.getReason(), ready.getMessage()));
    }

    private static Optional<String> message(@Nullable NetworkStatus status) {
        return status == null
                ? Optional.empty()
                : Conditions.of(status.conditions()).find("Ready").map(Condition::getMessage);
    }

    private Optional<Outcome> decide(Pool pool, List<Network> networks) {
        List<Claim> claims = networks.stream().map(network -> claim(network)).toList();
        PoolStatus status = pool.getStatus();
        List<BlockIntent> intents = status == null ? List.of() : status.intents();
        try {
            return Optional.of(BlockPlan.decide(pool.getSpec(), intents, claims, inUse(), Map.copyOf(remembered)));
        } catch (AddressException unreadable) {
            Verdict verdict = new Verdict.Fails("Unreadable", unreadable.getMessage() + "; correct the Pool's spec");
            writer.putStatus(
                    Pool.class, Pool::new, scope.namespace(), ObjectNames.POOL, old -> poolStatus(pool, old, verdict));
            return Optional.empty();
        }
    }

    private BlockPlan.InUse inUse() {
        List<Reservation> reservations = new ArrayList<>();
        view.own().ifPresent(own -> reservations.addAll(own.reservations()));
        view.nodes().forEach(node -> reservations.addAll(NodeAddresses.of(node)));
        return new BlockPlan.InUse(
                reservations, view.own().map(OwnCluster::routes).orElse(List.of()));
    }

    private static Claim claim(Network network) {
        return new Claim(
                network.getMetadata().getName(),
                network.getMetadata().getUid(),
                network.getSpec(),
                network.getStatus());
    }

    private void remember(List<Network> networks, Outcome outcome) {
        for (Network network : networks) {
            OwnerReference owner = network.getSpec().owner();
            Answer answer = outcome.answers().get(network.getMetadata().getName());
            if (owner != null && answer != null) {
                answer.block()
                        .ifPresentOrElse(block -> remembered.put(BlockPlan.owner(owner), block), () -> forget(owner));
            }
        }
    }

    private Optional<NetworkStatus> wanted(Network network, Outcome outcome) {
        return Optional.ofNullable(outcome.answers().get(network.getMetadata().getName()))
                .map(answer -> networkStatus(network, answer));
    }

    private NetworkStatus networkStatus(Network network, Answer answer) {
        NetworkStatus old = network.getStatus();
        String recorded = old == null ? null : old.cidr();
        return new NetworkStatus(
                // What collides stays recorded: somebody may use it. Its condition keeps it from being used further.
                answer.block().map(Cidr::toString).orElse(recorded),
                List.of(),
                List.of(),
                NetworkConditions.of(network, answer.type(), verdict(old, answer), clock.instant()),
                network.getMetadata().getGeneration());
    }

    /** Why it is not the wanted block is known only when it is granted, and worth keeping. */
    private static Verdict verdict(@Nullable NetworkStatus old, Answer answer) {
        Optional<String> told = old == null
                ? Optional.empty()
                : Conditions.of(old.conditions())
                        .find("Ready")
                        .filter(ready -> answer.verdict() instanceof Verdict.Holds
                                && ready.getStatus().equals("True")
                                && ready.getReason().equals(answer.verdict().reason()))
                        .map(Condition::getMessage);
        boolean same = old != null
                && old.cidr() != null
                && old.cidr().equals(answer.block().map(Cidr::toString).orElse(null));
        return told.filter(_ -> same)
                .<Verdict>map(message -> new Verdict.Holds(answer.verdict().reason(), message))
                .orElse(answer.verdict());
    }

    private PoolStatus poolStatus(Pool pool, Outcome outcome) {
        return new PoolStatus(
                outcome.intents(),
                outcome.usage(),
                poolStatus(pool, pool.getStatus(), new Verdict.Holds("Granting", "blocks are granted from it"))
                        .conditions(),
                pool.getMetadata().getGeneration());
    }

    private PoolStatus poolStatus(Pool pool, @Nullable PoolStatus old, Verdict ready) {
        Long generation = Objects.requireNonNullElse(pool.getMetadata().getGeneration(), 0L);
        return new PoolStatus(
                old == null ? List.of() : old.intents(),
                old == null ? List.of() : old.usage(),
                Conditions.of(old == null ? List.of() : old.conditions())
                        .with("Ready", ready, generation, clock.instant())
                        .toList(),
                generation);
    }

    private void tellWithoutPool(List<Network> networks) {
        Answer answer = new Answer(
                Optional.empty(),
                "Exhausted",
                new Verdict.Fails(
                        "NoPool",
                        "there is no Pool " + ObjectNames.POOL + " in namespace " + scope.namespace()
                                + "; create it, manifests/kustomize/default has one"));
        for (Network network : networks) {
            if (network.getSpec().purpose() == NetworkPurpose.Remapped) {
                NetworkStatus wanted = networkStatus(network, answer);
                if (!wanted.equals(network.getStatus())) {
                    network.setStatus(wanted);
                    writer.swapStatus(network);
                }
            }
        }
    }
}
