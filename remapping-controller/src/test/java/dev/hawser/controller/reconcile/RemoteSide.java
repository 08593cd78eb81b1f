// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import static dev.hawser.controller.reconcile.InstalledCluster.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.AdvertisementStatus;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.PeerAPIServer;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.api.networking.SeenVersion;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.JavaProgram;
import dev.hawser.proxy.app.ProxyMain;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What a peer keeps for this cluster: an identity that may read one Advertisement, that Advertisement, and a proxy in
 * front of the API server. One API server plays both clusters, for the two have no object name in common.
 */
public final class RemoteSide implements AutoCloseable {
    private final InstalledCluster cluster;
    private final ChildProcess proxy;

    private RemoteSide(InstalledCluster cluster, ChildProcess proxy) {
        this.cluster = cluster;
        this.proxy = proxy;
    }

    /** The side of a peer that knows us as {@link InstalledCluster#ID}, with its proxy running. */
    public static RemoteSide of(InstalledCluster cluster) {
        cluster.controlPlane().kubectl().apply("""
            apiVersion: v1
            kind: ServiceAccount
            metadata: {name: %1$s, namespace: %2$s}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: Role
            metadata: {name: %1$s, namespace: %2$s}
            rules:
            - {apiGroups: [networking.hawser.dev], resources: [advertisements], resourceNames: [%1$s], verbs: [get, list, watch]}
            - {apiGroups: [""], resources: [serviceaccounts/token], resourceNames: [%1$s], verbs: [create]}
            ---
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {name: %1$s, namespace: %2$s}
            roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %1$s}
            subjects:
            - {kind: ServiceAccount, name: %1$s, namespace: %2$s}
            """.formatted(InstalledCluster.ID, InstalledCluster.PEERS));
        ChildProcess proxy = cluster.controlPlane()
                .host()
                .start(
                        "proxy",
                        JavaProgram.of(ProxyMain.class.getName())
                                .command()
                                .with(Map.of(
                                        "KUBERNETES_SERVICE_HOST", "10.96.0.1",
                                        "KUBERNETES_SERVICE_PORT", "443",
                                        "HAWSER_PROXY_ADDRESS", "0.0.0.0:8118",
                                        "HAWSER_HEALTH_ADDRESS", "127.0.0.1:0")));
        return new RemoteSide(cluster, proxy);
    }

    /** Advertises to us as this cluster, or changes what it advertises. */
    public Advertisement advertise(String clusterID, String publicKey, String endpoint) {
        return advertise(clusterID, List.of(publicKey), endpoint);
    }

    /** Advertises several keys to us. */
    public Advertisement advertise(String clusterID, List<String> publicKeys, String endpoint) {
        Advertisement advertisement = new Advertisement();
        advertisement.setMetadata(new ObjectMetaBuilder()
                .withNamespace(InstalledCluster.PEERS)
                .withName(InstalledCluster.ID)
                .build());
        advertisement.setSpec(new AdvertisementSpec(
                clusterID,
                publicKeys,
                List.of(endpoint),
                List.of("10.200.0.0/16"),
                List.of("10.70.0.0/16"),
                new ProxyAddress("10.70.0.2", 8118),
                List.of(),
                new RemappedRanges(
                        List.of(new RemappedRange("10.200.0.0/16", "10.88.0.0/16")),
                        List.of(new RemappedRange("10.70.0.0/16", "10.89.0.0/16"))),
                null,
                "0.2.0-test"));
        return cluster.client().resource(advertisement).createOr(existing -> existing.update());
    }

    /** Says that its data path applies what we advertise to this cluster now. */
    public void acknowledge(String clusterID) {
        ObjectMeta ours = cluster.get(Advertisement.class, InstalledCluster.PEERS, clusterID)
                .getMetadata();
        cluster.client()
                .resources(Advertisement.class)
                .inNamespace(InstalledCluster.PEERS)
                .withName(InstalledCluster.ID)
                .editStatus(theirs -> {
                    theirs.setStatus(new AdvertisementStatus(
                            new SeenVersion(ours.getUid(), ours.getGeneration()), null, null, List.of(), null));
                    return theirs;
                });
    }

    /** Peers with this cluster, whose proxy answers at the remapped address as it would behind the tunnel. */
    public void meet(String clusterID, Duration soon) {
        cluster.peer(clusterID);
        AtomicReference<PeerAPIServer> remapped = new AtomicReference<>();
        within(
                soon,
                () -> remapped.set(
                        Objects.requireNonNull(peering(clusterID).getStatus().apiServer())));
        cluster.controlPlane().host().address("lo", remapped.get().address() + "/32");
        advertise(clusterID, InstalledCluster.key(7), "198.51.100.8:51820");
        hand(clusterID, null);
        within(soon, () -> assertThat(connection(clusterID)).isNotNull());
        cluster.connect(clusterID);
        within(soon, () -> {
            assertThat(Conditions.of(peering(clusterID).getStatus().conditions())
                            .holds("Ready"))
                    .isTrue();
            assertThat(connection(clusterID).getSpec().endpoints())
                    .containsExactly("198.51.100.7:51820", "198.51.100.8:51820");
        });
        cluster.connect(clusterID);
    }

    private Peering peering(String clusterID) {
        return cluster.get(Peering.class, InstalledCluster.NAMESPACE, clusterID);
    }

    private Connection connection(String clusterID) {
        return cluster.get(Connection.class, InstalledCluster.NAMESPACE, clusterID);
    }

    /** Puts a token of our identity there, or what is said, where the controller looks for it. */
    public void hand(String clusterID, @Nullable String token) {
        String minted =
                token == null ? cluster.controlPlane().token(InstalledCluster.PEERS, InstalledCluster.ID) : token;
        cluster.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(InstalledCluster.NAMESPACE)
                        .withName("peer-" + clusterID + "-credential")
                        .endMetadata()
                        .withData(Map.of(
                                "token", Base64.getEncoder().encodeToString(minted.getBytes(StandardCharsets.UTF_8))))
                        .build())
                .createOr(existing -> existing.update());
    }

    /** A token of our identity there that lives so long. */
    public String token(Duration life) {
        return cluster.client()
                .serviceAccounts()
                .inNamespace(InstalledCluster.PEERS)
                .withName(InstalledCluster.ID)
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(life.toSeconds())
                        .endSpec()
                        .build())
                .getStatus()
                .getToken();
    }

    @Override
    public void close() {
        proxy.stop();
    }
}
