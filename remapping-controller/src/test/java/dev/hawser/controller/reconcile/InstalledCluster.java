// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPSpec;
import dev.hawser.api.ipam.ObjectName;
import dev.hawser.api.networking.APIServerIdentity;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.ClusterGatewayStatus;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.kubernetes.Manifests;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real API server with everything that manifests/kustomize installs, whose gateway the test plays: it publishes a
 * key and says which Connections are up. Installed once per JVM; the tests share it and use names of their own.
 */
public final class InstalledCluster {
    public static final String NAMESPACE = "hawser";
    public static final String PEERS = "hawser-peers";
    public static final String ID = "genoa";
    /** Long enough to be seen, short enough to be waited for. */
    static final Duration RANGE_OVERLAP = Duration.ofSeconds(8);

    private static final Manifests CRDS = new Manifests("/dev/hawser/manifests/crds");
    private static final Manifests DEFAULT = new Manifests("/dev/hawser/manifests/kustomize/default");
    /** What an overlay adds: who the cluster is. */
    private static final String CLUSTER_GATEWAY = """
            apiVersion: networking.hawser.dev/v1alpha1
            kind: ClusterGateway
            metadata: {name: this, namespace: %s}
            spec:
              clusterID: %s
              podCIDRs: [10.200.0.0/16, "fd00:10:200::/56"]
              serviceCIDRs: [10.96.0.0/16, "fd00:10:96::/112"]
              externalCIDRs: [10.70.0.0/16, "fd00:10:70::/112"]
              endpoints: ["198.51.100.2:51820"]
            """.formatted(NAMESPACE, ID);

    private static @Nullable InstalledCluster installed;

    private final ControlPlane controlPlane;
    private final KubernetesClient client;

    private InstalledCluster(ControlPlane controlPlane) {
        this.controlPlane = controlPlane;
        this.client = controlPlane.client();
    }

    /** The cluster of this JVM, with a gateway that has published its key. */
    public static synchronized InstalledCluster on(ControlPlane controlPlane) {
        if (installed == null) {
            installed = new InstalledCluster(controlPlane);
            installed.apply("the CRDs", CRDS.all());
            installed.apply("kustomize/default", DEFAULT.all());
            installed.apply("the ClusterGateway", CLUSTER_GATEWAY);
            installed.publish(key(1));
        }
        return installed;
    }

    /** A public key that nobody has the private one of. */
    public static String key(int seed) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) seed;
        return Base64.getEncoder().encodeToString(bytes);
    }

    public KubernetesClient client() {
        return client;
    }

    public ControlPlane controlPlane() {
        return controlPlane;
    }

    /** A client with the rights of the controller's ServiceAccount and no others. */
    public KubernetesClient asController() {
        return controlPlane.newClient(
                controlPlane.tokenKubeconfig(controlPlane.localServer(), controlPlane.token(NAMESPACE, "controller")));
    }

    /** A replica that leads within a second: it is given the Lease that a former test may have left. */
    FabricController controller(KubernetesClient asController, String identity) {
        client.leases().inNamespace(NAMESPACE).withName("hawser-controller").delete();
        FabricController controller = new FabricController(
                asController,
                scope(identity),
                java.time.InstantSource.system(),
                new GrantMetrics(new SimpleMeterRegistry()),
                () -> {});
        controller.start();
        return controller;
    }

    static Scope scope(String identity) {
        return new Scope(
                NAMESPACE,
                PEERS,
                "hawser-node",
                identity,
                "0.1.0-test",
                Duration.ofMinutes(10),
                Duration.ofHours(24),
                RANGE_OVERLAP);
    }

    /** Creates a Service, whose cluster IP the API server chooses, or is told. */
    public String service(String name, @Nullable String clusterIP) {
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withIpFamilyPolicy("PreferDualStack")
                .withClusterIP(clusterIP)
                .addNewPort()
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
        return client.resource(service).create().getSpec().getClusterIP();
    }

    /** Creates an IP for a Service, open to all peers. */
    public IP expose(String name, String service) {
        return ip(name, new IPSpec(new ObjectName(service), null, null, List.of(), List.of("*"), null));
    }

    /** Creates an IP for an address, open to all peers. */
    public IP exposeAddress(String name, String address) {
        return ip(name, new IPSpec(null, address, null, List.of(), List.of("*"), null));
    }

    /** An IP as it stands; null if there is none. */
    public IP ip(String name) {
        return get(IP.class, "default", name);
    }

    /** Peers with a cluster that has the very same ranges as this one, of both families. */
    public Peering peer(String peerID) {
        Peering peering = new Peering();
        peering.setMetadata(new ObjectMetaBuilder()
                .withNamespace(NAMESPACE)
                .withName(peerID)
                .build());
        peering.setSpec(new PeeringSpec(
                peerID,
                List.of(key(7)),
                List.of("198.51.100.7:51820"),
                List.of("10.200.0.0/16", "fd00:10:200::/56"),
                List.of("10.70.0.0/16", "fd00:10:70::/112"),
                new ProxyAddress("10.70.0.2", 8118),
                new APIServerIdentity(
                        "https://kubernetes.default.svc:443", controlPlane.pki().caCertificate()),
                null,
                null,
                null,
                "0.1.0-test"));
        return client.resource(peering).create();
    }

    /** The same peer with other pod ranges. */
    static PeeringSpec withPods(PeeringSpec spec, List<String> podCidrs) {
        return new PeeringSpec(
                spec.clusterID(),
                spec.publicKeys(),
                spec.endpoints(),
                podCidrs,
                spec.externalCIDRs(),
                spec.proxy(),
                spec.apiServer(),
                spec.credentialSecretRef(),
                spec.remap(),
                spec.paused(),
                spec.version());
    }

    /** Says what the gateway would: that probes return, and that it works by the Connection as it is. */
    public void connect(String peerID) {
        report(peerID, ConnectionPhase.Connected);
    }

    /** Says what the gateway would of a peer whose probes stay away. */
    public void disconnect(String peerID) {
        report(peerID, ConnectionPhase.Connecting);
    }

    /** Renews the gateway's Lease, as the gateway does every second while it lives. */
    void showGatewayAlive() {
        client.leases()
                .inNamespace("hawser-node")
                .withName("gateway")
                .edit(lease -> new LeaseBuilder(lease)
                        .editOrNewSpec()
                        .withRenewTime(ZonedDateTime.now(ZoneOffset.UTC))
                        .endSpec()
                        .build());
    }

    /** Leaves the Lease as the installation made it, from which nobody can tell anything. */
    void forgetGateway() {
        client.leases()
                .inNamespace("hawser-node")
                .withName("gateway")
                .edit(lease -> new LeaseBuilder(lease).withSpec(null).build());
    }

    private void report(String peerID, ConnectionPhase phase) {
        client.resources(Connection.class)
                .inNamespace(NAMESPACE)
                .withName(peerID)
                .editStatus(connection -> {
                    connection.setStatus(new ConnectionStatus(
                            phase,
                            null,
                            "wireguard/udp",
                            null,
                            null,
                            null,
                            null,
                            null,
                            null,
                            Map.of(),
                            null,
                            List.of(),
                            connection.getMetadata().getGeneration()));
                    return connection;
                });
    }

    /** Publishes these keys as the gateway would, the current one first. */
    public void publish(String... keys) {
        client.resources(ClusterGateway.class)
                .inNamespace(NAMESPACE)
                .withName("this")
                .editStatus(gateway -> {
                    ClusterGatewayStatus old = gateway.getStatus();
                    gateway.setStatus(new ClusterGatewayStatus(
                            List.of(keys),
                            List.of("198.51.100.2:51820"),
                            old == null ? null : old.acknowledged(),
                            "gateway-0",
                            0,
                            List.of(),
                            old == null ? List.of() : old.conditions(),
                            1L));
                    return gateway;
                });
    }

    /** An object as it stands; null if there is none. */
    public <C extends CustomResource<?, ?>> C get(Class<C> type, String namespace, String name) {
        return client.resources(type).inNamespace(namespace).withName(name).get();
    }

    /** Waits, asking often, and fails loudly; what does not exist yet is no failure. */
    public static void within(Duration limit, org.awaitility.core.ThrowingRunnable holds) {
        Awaitility.await()
                .atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .ignoreException(NullPointerException.class)
                .untilAsserted(holds);
    }

    private IP ip(String name, IPSpec spec) {
        IP ip = new IP();
        ip.setMetadata(
                new ObjectMetaBuilder().withNamespace("default").withName(name).build());
        ip.setSpec(spec);
        return client.resource(ip).create();
    }

    private void apply(String what, String yaml) {
        // A kind is served some time after its CRD was accepted, and a namespace exists some time after it was created.
        Awaitility.await(what)
                .atMost(Duration.ofSeconds(15))
                .pollDelay(Duration.ZERO)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .ignoreException(KubernetesClientException.class)
                .untilAsserted(() -> client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                        .serverSideApply());
    }
}
