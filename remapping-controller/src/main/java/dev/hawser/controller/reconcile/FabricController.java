// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Peering;
import dev.hawser.controller.peering.CredentialSecrets;
import dev.hawser.controller.peering.InBandSessions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.Cloner;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One replica of the controller: caches that are always warm, and loops that run while it leads. Start it once, close it
 * once; both from any thread.
 */
public final class FabricController implements AutoCloseable {
    private static final String LEASE_NAME = "hawser-controller";

    /** So that after a leader's death the next one works within 6 s. */
    private static final Duration LEASE = Duration.ofSeconds(5);

    private static final Duration RENEW_WITHIN = Duration.ofSeconds(4);
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Every object is looked at this often even if nothing is told, so what a lost event hides is repaired in 5 s. */
    private static final Duration REPEAT = Duration.ofSeconds(3);

    private static final Duration SWEEP = Duration.ofSeconds(2);
    private static final int SWEEPS_PER_SHOW = 5;

    /**
     * So many objects are looked at beside each other. With no bound 500 IPs and 50 Peerings that came at once had hundreds
     * of requests under way all the time, and the one that grants addresses waited behind them: minutes instead of seconds.
     */
    private static final int LOOPS = 8;

    /** What concerns all objects of a kind waits so long for more of its kind; nobody sees the difference. */
    private static final Duration GATHERED_FOR = Duration.ofMillis(150);

    private static final Logger LOG = LoggerFactory.getLogger(FabricController.class);

    private final KubernetesClient client;
    private final Scope scope;
    private final Runnable onLeadershipLost;
    private final GrantMetrics metrics;
    private final ClusterView view;
    private final Triggers triggers;
    private final InBandSessions sessions;
    private final IpReconciler ips;
    private final GonePeers gonePeers;
    private final GatewayWatch gatewayWatch;
    private final ProxyConfig proxyConfig;
    private final Operator operator;
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("sweeper").factory());

    /** By itself, because a sweep may take long and the death of the gateway must be told in seconds. */
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("gateway-watch").factory());

    private final ScheduledExecutorService gatherer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofVirtual().name("gatherer").factory());

    /** Only the sweeper's. */
    private int sweeps;

    private volatile boolean leading;
    private volatile boolean closing;

    /**
     * A replica that does nothing yet.
     *
     * @param client the API server of this cluster; stays the caller's to close
     * @param metrics of this process
     * @param onLeadershipLost called once when another replica may lead from now on: this one is of no use any more
     */
    public FabricController(
            KubernetesClient client,
            Scope scope,
            InstantSource clock,
            GrantMetrics metrics,
            Runnable onLeadershipLost) {
        this.client = client;
        this.metrics = metrics;
        this.scope = scope;
        this.onLeadershipLost = onLeadershipLost;
        this.view = new ClusterView(client, scope);
        this.triggers = new Triggers(scope.namespace());
        Writer writer = new Writer(client, view);
        Announcer announcer = new Announcer(client, scope.identity(), clock);
        BlockLedger blocks = new BlockLedger(client, writer, view, scope, clock, announcer, metrics);

        this.sessions = new InBandSessions(
                new CredentialSecrets(client, scope.namespace()), scope.peersNamespace(), clock, triggers::peering);
        var hands = new PeeringReconciler.Hands(
                writer,
                new PeerAccess(client, view, scope),
                new KubeconfigSecrets(client, scope, clock),
                announcer,
                blocks);
        this.ips = new IpReconciler(client, triggers, view, announcer, scope, clock, metrics);
        this.gonePeers = new GonePeers(client, view, hands, sessions, scope, clock);
        this.gatewayWatch = new GatewayWatch(client, view, writer, scope, clock);
        this.proxyConfig = new ProxyConfig(client, view, scope, clock);
        this.operator = new Operator(overrider -> configure(overrider));
        operator.register(
                new ClusterGatewayReconciler(client, triggers, view, announcer, scope, clock).onlyWhile(this::leading),
                this::<ClusterGateway>own);
        operator.register(
                new NetworkReconciler(writer, triggers, view, blocks, ips.addresses(), scope, clock)
                        .onlyWhile(this::leading),
                this::<Network>own);
        operator.register(ips.onlyWhile(this::leading), this::<IP>everywhere);
        operator.register(
                new PeeringReconciler(triggers, view, hands, sessions, scope, clock).onlyWhile(this::leading),
                this::<Peering>own);
    }

    /** Fills the caches and runs for the lead. */
    public void start() {
        view.start(new ViewEvents(
                view,
                triggers,
                new Gathered(sweeper, GATHERED_FOR, this::sweep),
                task -> new Gathered(gatherer, GATHERED_FOR, task)));
        var _ = sweeper.scheduleWithFixedDelay(this::sweep, 0, SWEEP.toMillis(), TimeUnit.MILLISECONDS);
        long look = GatewayWatch.INTERVAL.toMillis();
        var _ = watcher.scheduleWithFixedDelay(this::lookAtGateway, look, look, TimeUnit.MILLISECONDS);
        operator.start();
    }

    /** Whether this replica is the one that works. */
    public boolean leading() {
        return leading;
    }

    /** Whether the caches follow the API server. */
    public boolean live() {
        return view.live();
    }

    @Override
    public void close() {
        boolean led = leading;
        closing = true;
        leading = false;
        sweeper.shutdownNow();
        watcher.shutdownNow();
        gatherer.shutdownNow();
        operator.stop();
        if (led) {
            resign();
        }
        sessions.close();
        view.close();
    }

    private void configure(ConfigurationServiceOverrider overrider) {
        overrider
                .withKubernetesClient(client)
                .withCloseClientOnStop(false)
                // No loop changes the object that it is given, and a copy is made by way of JSON.
                .withResourceCloner(new Cloner() {
                    @Override
                    public <R extends HasMetadata> R clone(R object) {
                        return object;
                    }
                })
                .withExecutorService(Executors.newFixedThreadPool(
                        LOOPS, Thread.ofVirtual().name("loop-", 0).factory()))
                .withReconciliationTerminationTimeout(Duration.ofSeconds(2))
                .withLeaderElectionConfiguration(new LeaderElectionConfiguration(
                        LEASE_NAME,
                        scope.namespace(),
                        LEASE,
                        RENEW_WITHIN,
                        RETRY,
                        scope.identity(),
                        new LeaderCallbacks(this::lead, this::lost, leader -> LOG.info("{} leads", leader)),
                        false));
    }

    private void lead() {
        LOG.info("{} leads from now on", scope.identity());
        leading = true;
    }

    private void lost() {
        boolean led = leading;
        leading = false;
        if (led && !closing) {
            LOG.warn("{} does not lead any more", scope.identity());
            onLeadershipLost.run();
        }
    }

    /** So that after an orderly end nobody waits for the Lease to run out. */
    private void resign() {
        try {
            client.leases().inNamespace(scope.namespace()).withName(LEASE_NAME).edit(lease -> {
                if (scope.identity().equals(lease.getSpec().getHolderIdentity())) {
                    lease.getSpec().setHolderIdentity("");
                }
                return lease;
            });
        } catch (KubernetesClientException away) {
            LOG.info("the Lease could not be given back and runs out by itself: {}", away.getMessage());
        }
    }

    private <P extends HasMetadata> void own(ControllerConfigurationOverrider<P> overrider) {
        loop(overrider.settingNamespace(scope.namespace()));
    }

    private <P extends HasMetadata> void everywhere(ControllerConfigurationOverrider<P> overrider) {
        loop(overrider.watchingAllNamespaces());
    }

    /** Statuses are watched like specs, because a hand may edit both; failures are tried again soon, and for ever. */
    private static <P extends HasMetadata> void loop(ControllerConfigurationOverrider<P> overrider) {
        overrider
                .withGenerationAware(false)
                .withReconciliationMaxInterval(REPEAT)
                .withRetry(new GenericRetry()
                        .withoutMaxAttempts()
                        .setInitialInterval(Duration.ofMillis(200))
                        .setIntervalMultiplier(2)
                        .setMaxInterval(Duration.ofSeconds(5).toMillis()));
    }

    private void lookAtGateway() {
        try {
            if (leading) {
                gatewayWatch.look();
            } else {
                gatewayWatch.rest();
            }
        } catch (RuntimeException failure) {
            LOG.warn("the Connections could not be taken back from a silent gateway", failure);
        }
    }

    private void sweep() {
        if (!leading) {
            metrics.hide();
            return;
        }
        try {
            gonePeers.sweep();
            ips.releaseGone();
            proxyConfig.settle();
            if (sweeps++ % SWEEPS_PER_SHOW == 0) {
                metrics.show(view);
            }
        } catch (RuntimeException failure) {
            LOG.warn("a sweep failed; the next one is in {} s", SWEEP.toSeconds(), failure);
        }
    }
}
