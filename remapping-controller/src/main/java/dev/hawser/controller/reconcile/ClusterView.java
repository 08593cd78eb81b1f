// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.ObjectName;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.Peering;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.ipam.address.AddressException;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What the API server said last: one watched cache per kind, shared by all loops. It may lag; whoever grants something
 * asks the API server itself. Objects in it belong to everybody and must not be changed. Safe for any thread.
 */
final class ClusterView implements Writer.LastRead, AutoCloseable {
    private static final long SYNC_SECONDS = 30;
    /** Indexes of IPs, so that no loop looks through all of them for each. */
    private static final String LOCAL = "local";

    private static final String EXTERNAL = "external";
    private static final String SERVICE = "service";

    /** Every loop asks who we are, so that is read only when the object is another one. */
    private record Own(String resourceVersion, Optional<OwnCluster> cluster) {}

    private final String namespace;
    private final AtomicLong rangesVersion = new AtomicLong();
    private final AtomicLong guardVersion = new AtomicLong();
    private volatile Own lastOwn = new Own("", Optional.empty());
    private final Map<Class<?>, SharedIndexInformer<?>> informers = new LinkedHashMap<>();
    private final SharedIndexInformer<ClusterGateway> gateways;
    private final SharedIndexInformer<Pool> pools;
    private final SharedIndexInformer<Network> networks;
    private final SharedIndexInformer<Peering> peerings;
    private final SharedIndexInformer<Configuration> configurations;
    private final SharedIndexInformer<Connection> connections;
    private final SharedIndexInformer<IP> ips;
    private final SharedIndexInformer<Service> services;
    private final SharedIndexInformer<Node> nodes;
    private final SharedIndexInformer<EndpointSlice> apiServers;
    private final SharedIndexInformer<Advertisement> advertisements;
    private final SharedIndexInformer<ServiceAccount> accounts;
    private final SharedIndexInformer<Role> roles;
    private final SharedIndexInformer<RoleBinding> bindings;

    ClusterView(KubernetesClient client, Scope scope) {
        this.namespace = scope.namespace();
        this.gateways = keep(
                client.resources(ClusterGateway.class).inNamespace(namespace).runnableInformer(0));
        this.pools = keep(client.resources(Pool.class).inNamespace(namespace).runnableInformer(0));
        this.networks =
                keep(client.resources(Network.class).inNamespace(namespace).runnableInformer(0));
        this.peerings =
                keep(client.resources(Peering.class).inNamespace(namespace).runnableInformer(0));
        this.configurations = keep(
                client.resources(Configuration.class).inNamespace(namespace).runnableInformer(0));
        this.connections =
                keep(client.resources(Connection.class).inNamespace(namespace).runnableInformer(0));
        this.ips = keep(client.resources(IP.class).inAnyNamespace().runnableInformer(0));
        ips.addIndexers(Map.of(
                LOCAL, ip -> ip.getStatus() == null ? List.of() : ip.getStatus().ips(),
                EXTERNAL,
                        ip -> ip.getStatus() == null
                                ? List.of()
                                : ip.getStatus().externalIPs(),
                SERVICE, ClusterView::referredService));
        this.services = keep(client.services().inAnyNamespace().runnableInformer(0));
        this.nodes = keep(client.nodes().runnableInformer(0));
        this.apiServers = keep(client.discovery()
                .v1()
                .endpointSlices()
                .inNamespace("default")
                .withLabel("kubernetes.io/service-name", "kubernetes")
                .runnableInformer(0));
        String peers = scope.peersNamespace();
        this.advertisements =
                keep(client.resources(Advertisement.class).inNamespace(peers).runnableInformer(0));
        this.accounts = keep(client.serviceAccounts().inNamespace(peers).runnableInformer(0));
        this.roles = keep(client.rbac().roles().inNamespace(peers).runnableInformer(0));
        this.bindings = keep(client.rbac().roleBindings().inNamespace(peers).runnableInformer(0));
    }

    /** Fills the caches; then changes are told as {@link ViewEvents} sorts them. */
    void start(ViewEvents events) {
        // Before the others are told, who look at it then.
        tell(gateways, _ -> rangesVersion.incrementAndGet());
        tell(pools, _ -> rangesVersion.incrementAndGet());
        tell(networks, _ -> rangesVersion.incrementAndGet());
        tell(nodes, _ -> rangesVersion.incrementAndGet());
        tell(networks, _ -> guardVersion.incrementAndGet());
        tell(nodes, _ -> guardVersion.incrementAndGet());
        tell(apiServers, _ -> guardVersion.incrementAndGet());
        tell(services, this::guarded);
        tell(gateways, events::gateway);
        tell(pools, events::pool);
        tell(networks, events::network);
        tellChange(peerings, events::peering);
        tell(configurations, events::ofPeer);
        tell(connections, events::ofPeer);
        tellChange(ips, events::ip);
        tell(services, events::service);
        tell(nodes, _ -> events.guard());
        tell(apiServers, _ -> events.guard());
        tell(advertisements, events::advertisement);
        tell(accounts, events::ofPeer);
        tell(roles, events::ofPeer);
        tell(bindings, events::ofPeer);
        CompletableFuture<?>[] starts = informers.values().stream()
                .map(informer -> informer.start().toCompletableFuture())
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(starts).get(SYNC_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new ControllerException("stopped while the caches were filled", stopped);
        } catch (ExecutionException | TimeoutException failure) {
            throw new ControllerException(
                    "the caches could not be filled within " + SYNC_SECONDS
                            + " s; are the CRDs of manifests/kustomize/crds and the"
                            + " rights of manifests/kustomize/default in the cluster?",
                    failure);
        }
    }

    /** Whether every cache follows its watch. */
    boolean live() {
        return informers.values().stream().allMatch(SharedIndexInformer::isRunning);
    }

    /** Another number whenever something has changed that grants of ranges depend on. */
    long rangesVersion() {
        return rangesVersion.get();
    }

    /** Another number whenever something has changed that must not be exposed. */
    long guardVersion() {
        return guardVersion.get();
    }

    private void guarded(Service service) {
        if (service.getMetadata().getName().equals("kubernetes")) {
            guardVersion.incrementAndGet();
        }
    }

    /** Ourselves; empty without a ClusterGateway, or with one that cannot be read (its condition says so). */
    Optional<OwnCluster> own() {
        Optional<ClusterGateway> gateway = gateway();
        String version = gateway.map(present -> present.getMetadata().getResourceVersion())
                .orElse("");
        Own known = lastOwn;
        if (!known.resourceVersion().equals(version)) {
            known = new Own(version, gateway.flatMap(ClusterView::readable));
            lastOwn = known;
        }
        return known.cluster();
    }

    private static Optional<OwnCluster> readable(ClusterGateway gateway) {
        try {
            return Optional.of(OwnCluster.of(gateway.getSpec(), gateway.getStatus()));
        } catch (AddressException unreadable) {
            return Optional.empty();
        }
    }

    Optional<ClusterGateway> gateway() {
        return get(gateways, namespace, ObjectNames.CLUSTER_GATEWAY);
    }

    Optional<Pool> pool() {
        return get(pools, namespace, ObjectNames.POOL);
    }

    List<Network> networks() {
        return networks.getStore().list();
    }

    List<Peering> peerings() {
        return peerings.getStore().list();
    }

    List<IP> ips() {
        return ips.getStore().list();
    }

    /** Those that record this local address. */
    List<IP> ipsWithLocal(String address) {
        return ips.getIndexer().byIndex(LOCAL, address);
    }

    /** Those that record this external address. */
    List<IP> ipsWithExternal(String address) {
        return ips.getIndexer().byIndex(EXTERNAL, address);
    }

    /** Those that refer to this Service. */
    List<IP> ipsOfService(String serviceNamespace, String name) {
        return ips.getIndexer().byIndex(SERVICE, serviceNamespace + "/" + name);
    }

    private static List<String> referredService(IP ip) {
        ObjectName service = ip.getSpec().serviceRef();
        return service == null ? List.of() : List.of(ip.getMetadata().getNamespace() + "/" + service.name());
    }

    List<Node> nodes() {
        return nodes.getStore().list();
    }

    List<EndpointSlice> apiServers() {
        return apiServers.getStore().list();
    }

    List<Configuration> configurations() {
        return configurations.getStore().list();
    }

    List<Connection> connections() {
        return connections.getStore().list();
    }

    List<Advertisement> advertisements() {
        return advertisements.getStore().list();
    }

    List<ServiceAccount> accounts() {
        return accounts.getStore().list();
    }

    List<Role> roles() {
        return roles.getStore().list();
    }

    List<RoleBinding> bindings() {
        return bindings.getStore().list();
    }

    Optional<Network> network(String name) {
        return get(networks, namespace, name);
    }

    Optional<Peering> peering(String peerID) {
        return get(peerings, namespace, peerID);
    }

    Optional<Configuration> configuration(String peerID) {
        return get(configurations, namespace, peerID);
    }

    Optional<Connection> connection(String peerID) {
        return get(connections, namespace, peerID);
    }

    Optional<IP> ip(String ipNamespace, String name) {
        return get(ips, ipNamespace, name);
    }

    Optional<Service> service(String serviceNamespace, String name) {
        return get(services, serviceNamespace, name);
    }

    Optional<Advertisement> advertisement(String peersNamespace, String peerID) {
        return get(advertisements, peersNamespace, peerID);
    }

    Optional<ServiceAccount> account(String peersNamespace, String peerID) {
        return get(accounts, peersNamespace, peerID);
    }

    Optional<Role> role(String peersNamespace, String peerID) {
        return get(roles, peersNamespace, peerID);
    }

    Optional<RoleBinding> binding(String peersNamespace, String peerID) {
        return get(bindings, peersNamespace, peerID);
    }

    @Override
    public <T extends HasMetadata> Optional<T> last(Class<T> type, String of, String name) {
        return Optional.ofNullable(informers.get(type))
                .map(informer -> type.cast(informer.getStore().getByKey(Cache.namespaceKeyFunc(of, name))));
    }

    @Override
    public void close() {
        informers.values().forEach(SharedIndexInformer::stop);
    }

    private <T extends HasMetadata> SharedIndexInformer<T> keep(SharedIndexInformer<T> informer) {
        // An API server that is away comes back; the process has nothing better to do than to wait for it.
        informer.exceptionHandler((_, _) -> true);
        informers.put(informer.getApiTypeClass(), informer);
        return informer;
    }

    private static <T extends HasMetadata> Optional<T> get(
            SharedIndexInformer<T> informer, String namespace, String name) {
        return Optional.ofNullable(informer.getStore().getByKey(Cache.namespaceKeyFunc(namespace, name)));
    }

    private static <T extends HasMetadata> void tell(SharedIndexInformer<T> informer, Consumer<? super T> changed) {
        tellChange(
                informer,
                (before, now) ->
                        Stream.of(before, now).flatMap(Optional::stream).forEach(changed));
    }

    /** Tells what was before and what is now; one of them is missing when an object came or went. */
    private static <T extends HasMetadata> void tellChange(
            SharedIndexInformer<T> informer, BiConsumer<Optional<T>, Optional<T>> changed) {
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(T object) {
                changed.accept(Optional.empty(), Optional.of(object));
            }

            @Override
            public void onUpdate(T before, T now) {
                changed.accept(Optional.of(before), Optional.of(now));
            }

            @Override
            public void onDelete(T object, boolean unknown) {
                changed.accept(Optional.of(object), Optional.empty());
            }
        });
    }
}
