// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.JavaProgram;
import dev.hawser.proxy.app.ProxyMain;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
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
        Advertisement advertisement = new Advertisement();
        advertisement.setMetadata(new ObjectMetaBuilder()
                .withNamespace(InstalledCluster.PEERS)
                .withName(InstalledCluster.ID)
                .build());
        advertisement.setSpec(new AdvertisementSpec(
                clusterID,
                List.of(publicKey),
                List.of(endpoint),
                List.of("10.200.0.0/16"),
                List.of("10.70.0.0/16"),
                new ProxyAddress("10.70.0.2", 8118),
                List.of(),
                new RemappedRanges(
                        List.of(new RemappedRange("10.200.0.0/16", "10.88.0.0/16")),
                        List.of(new RemappedRange("10.70.0.0/16", "10.89.0.0/16"))),
                null,
                null,
                "0.2.0-test"));
        return cluster.client().resource(advertisement).createOr(existing -> existing.update());
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

    @Override
    public void close() {
        proxy.stop();
    }
}
