// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.engine.PeerStatus;
import dev.hawser.tunnel.engine.TunnelConfig;
import dev.hawser.tunnel.engine.TunnelStatus;
import dev.hawser.tunnel.node.HostRoutes.HostRoute;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Everything that the gateway has to do with the Kubernetes API: plans come out, reports go in.
 *
 * <p><b>Threads:</b> {@link #plan} belongs to one thread and never waits for the network; {@link #tendKeys} and
 * {@link #report} belong to another and may wait for the API server, at most {@link #REQUEST_LIMIT} each time. The rest is
 * safe for any.
 */
public final class GatewayObjects implements AutoCloseable {
    /** Longest time that one request may take. */
    public static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);

    private static final long KEYS_AGAIN = Duration.ofSeconds(2).toNanos();
    private static final long KEYS_ROUTINELY = Duration.ofMinutes(1).toNanos();

    private final KubernetesClient client;
    private final Runnable changed;
    private final ObjectWatch watch;
    private final KeyStore keys;
    private final HostNames hosts;
    private final StatusWriter writer;
    private final Heartbeat heartbeat;
    private final int deviceMtu;
    private final Optional<Checkpoint> before;
    private final CheckpointFile checkpoints;
    private Optional<Map<String, String>> lastEndpoints = Optional.empty();
    private Optional<Long> keysReadAt = Optional.empty();
    private boolean peeked;
    private Set<String> lookedForPresharedKeys = Set.of();
    private Optional<Planned> planned = Optional.empty();

    /** A plan, and what it was made of: somebody asks every two seconds, and a plan of a hundred peers is milliseconds of work. */
    private record Planned(long edition, Surroundings surroundings, GatewayPlan plan) {}

    private GatewayObjects(
            KubernetesClient client,
            ObjectNames names,
            int deviceMtu,
            Optional<Checkpoint> before,
            CheckpointFile checkpoints,
            Runnable changed) {
        this.client = client;
        this.changed = changed;
        this.deviceMtu = deviceMtu;
        this.before = before;
        this.checkpoints = checkpoints;
        this.watch = new ObjectWatch(client, names, changed);
        this.keys = new KeyStore(client, names);
        this.hosts = new HostNames(changed);
        this.writer = new StatusWriter(client, names);
        this.heartbeat = new Heartbeat(client, names);
        before.map(Checkpoint::forTheNext).ifPresent(known -> keys.recall(known.keys(), known.timestamp()));
    }

    /**
     * Starts to follow the objects of the API server that the environment names. Does not wait for it.
     *
     * @param deviceMtu largest packet that the tunnel device was opened for
     * @param before what is in force until the objects are known
     * @param checkpoints where what is in force is kept from then on
     * @param changed called, on any thread, whenever {@link #plan} may give something new
     */
    public static GatewayObjects open(
            ObjectNames names,
            int deviceMtu,
            Optional<Checkpoint> before,
            CheckpointFile checkpoints,
            Runnable changed) {
        GatewayObjects objects =
                new GatewayObjects(ApiClient.open(REQUEST_LIMIT), names, deviceMtu, before, checkpoints, changed);
        objects.watch.start();
        return objects;
    }

    /** Whether every kind of object has been listed. */
    public boolean synced() {
        return watch.synced();
    }

    /** Why the keys cannot be read; nothing if they can. */
    public Optional<String> keyProblem() {
        return keys.problem();
    }

    /** A TAI64N label that no initiation of an earlier process has reached, as far as it was kept; known when keys are. */
    public Optional<Tai64n> timestamp() {
        return keys.timestamp();
    }

    /**
     * What the objects ask for now; until all of them are known, so that nothing is torn down by ignorance, what was in force
     * before a restart.
     */
    public Optional<GatewayPlan> plan() {
        if (!watch.synced()) {
            return before.map(Checkpoint::plan);
        }
        long edition = watch.edition();
        if (lastEndpoints.isEmpty()) {
            lastEndpoints = Optional.of(lastEndpoints(watch.view()));
        }
        Surroundings surroundings = new Surroundings(keys.keys(), hosts.known(), lastEndpoints.get(), deviceMtu);
        boolean same = planned.filter(last -> last.edition == edition && last.surroundings.equals(surroundings))
                .isPresent();
        if (!same) {
            GatewayPlan plan = Planner.plan(watch.view(), surroundings);
            planned = Optional.of(new Planned(edition, surroundings, plan));
            hosts.want(plan.hostNames());
        }
        return planned.map(Planned::plan);
    }

    /**
     * Reads the Secret if it is time to: at the start, soon again while something is missing, else once a minute; and takes the next step of
     * replacing the static key when it is due.
     *
     * @param applied the plan that was carried out last
     * @param tunnel what the engine says
     * @param now nanoseconds of the monotonic clock
     */
    public void tendKeys(Optional<GatewayPlan> applied, TunnelStatus tunnel, long now) {
        if (!watch.synced()) {
            // The key is on its way while the lists are: a gateway that starts again has peers waiting.
            if (!peeked) {
                peeked = true;
                if (keys.peek()) {
                    changed.run();
                }
            }
            return;
        }
        applied.flatMap(GatewayPlan::tunnel).ifPresent(this::wipeAllBut);
        KeyWishes wishes = KeyWishes.of(watch.view().gateway());
        KeyRotation.Step step = keys.keys()
                .map(known -> KeyRotation.due(known, wishes.generation(), wishes.acknowledged(), tunnel.keysInUse()))
                .orElse(KeyRotation.Step.NONE);
        boolean failed = keys.problem().isPresent();
        Set<String> wanted = wantedPresharedKeys();
        long interval = failed || !wanted.isEmpty() ? KEYS_AGAIN : KEYS_ROUTINELY;
        // A key that a Connection asks for now may have been written a moment ago: its peer is not served until it is
        // read.
        boolean looked = lookedForPresharedKeys.containsAll(wanted);
        boolean waiting = looked && keysReadAt.filter(at -> now - at < interval).isPresent();
        if (waiting && failed) {
            return;
        }
        // At once, not when the Secret is next read: until then a restart would begin with labels that peers have seen.
        tunnel.lastInitiation().ifPresent(keys::keep);
        if (waiting && step == KeyRotation.Step.NONE) {
            return;
        }
        keysReadAt = Optional.of(now);
        lookedForPresharedKeys = wanted;
        boolean differ = step == KeyRotation.Step.NONE
                ? keys.refresh(wishes.generation())
                : keys.advance(step, wishes.generation());
        if (differ) {
            changed.run();
        }
    }

    /**
     * Writes the status of the objects as far as it is due.
     *
     * @param applied the plan that was carried out last
     * @param tunnel what the engine says
     * @param routes those of the node that are not ours; nothing while nobody knows them
     * @param now nanoseconds of the monotonic clock
     */
    public void report(GatewayPlan applied, TunnelStatus tunnel, Optional<List<HostRoute>> routes, long now) {
        Map<String, PeerStatus> live =
                tunnel.peers().stream().collect(Collectors.toMap(PeerStatus::id, status -> status));
        hosts.hurry(live.values().stream().anyMatch(GatewayObjects::isAway));
        writer.write(watch.view(), applied, live, routes, now);
        if (!writer.isPaused()) {
            heartbeat.beat(now);
        }
        keep(applied);
    }

    private void keep(GatewayPlan applied) {
        boolean inForce =
                applied.tunnel().map(TunnelConfig::keys).equals(keys.keys().map(KeyMaterial::staticKeys));
        if (watch.synced() && inForce) {
            checkpoints.keep(new Checkpoint(applied, keys.keys().orElseThrow(), keys.timestamp()));
        }
    }

    private static boolean isAway(PeerStatus peer) {
        return switch (peer.phase()) {
            case CONNECTING -> true;
            case CONNECTED, DEGRADED, ERROR -> false;
        };
    }

    /** Says on every Connection, whatever was written just before, why nobody looks after it any more. */
    public void reportEnd(GatewayPlan applied, String reason, long now) {
        writer.forget();
        writer.write(watch.view(), applied.waitingFor(reason), Map.of(), Optional.empty(), now);
    }

    @Override
    public void close() {
        watch.close();
        hosts.close();
        client.close();
    }

    private void wipeAllBut(TunnelConfig inForce) {
        keys.wipeAllBut(
                inForce.keys(),
                inForce.peers().stream()
                        .flatMap(peer -> peer.presharedKey().stream())
                        .toList());
    }

    /** Peers whose Connection asks for a preshared key that is not known. */
    private Set<String> wantedPresharedKeys() {
        return watch.view().connections().stream()
                .map(Connection::getSpec)
                .filter(spec -> Boolean.TRUE.equals(spec.presharedKey()))
                .map(ConnectionSpec::clusterID)
                .filter(id ->
                        keys.keys().flatMap(known -> known.presharedKey(id)).isEmpty())
                .collect(Collectors.toSet());
    }

    private static Map<String, String> lastEndpoints(ClusterView view) {
        Map<String, String> endpoints = new TreeMap<>();
        for (Connection connection : view.connections()) {
            Optional.ofNullable(connection.getStatus())
                    .map(ConnectionStatus::endpoint)
                    .filter(EndpointName::isAddress)
                    .ifPresent(
                            endpoint -> endpoints.put(connection.getMetadata().getName(), endpoint));
        }
        return endpoints;
    }
}
