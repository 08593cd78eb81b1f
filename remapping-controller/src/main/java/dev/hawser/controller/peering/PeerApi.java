// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.peering;

import dev.hawser.api.networking.Advertisement;
import dev.hawser.controller.plan.Kubeconfig;
import io.fabric8.kubernetes.api.model.authentication.SelfSubjectReview;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;

/**
 * The API server of a peer as our ServiceAccount there sees it: who we are, one Advertisement, a new token, and no more.
 * Safe for any thread; every call blocks for at most {@link #PATIENCE}.
 */
final class PeerApi implements AutoCloseable {
    /** How long one request may take: a round trip through a tunnel, a proxy and two TLS ends, and some load. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Duration PATIENCE_TO_CONNECT = Duration.ofSeconds(3);

    private final KubernetesClient client;
    private final String namespace;
    private final String ownID;

    private PeerApi(KubernetesClient client, String namespace, String ownID) {
        this.client = client;
        this.namespace = namespace;
        this.ownID = ownID;
    }

    static PeerApi open(PeerTarget target, Credential credential, String namespace) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(target.server().url())
                .withCaCertData(Base64.getEncoder()
                        .encodeToString(target.server().caBundle().getBytes(StandardCharsets.UTF_8)))
                .withOauthToken(credential.token())
                // The client does not take a proxy-url for https out of a kubeconfig; and nothing may bypass the proxy.
                .withHttpsProxy(Kubeconfig.proxyURL(target.proxy()))
                .withNoProxy()
                .withOnlyHttpWatches(true)
                .withRequestTimeout((int) PATIENCE.toMillis())
                .withConnectionTimeout((int) PATIENCE_TO_CONNECT.toMillis())
                .withRequestRetryBackoffLimit(0)
                .withNamespace(namespace)
                .build();
        return new PeerApi(new KubernetesClientBuilder().withConfig(config).build(), namespace, target.ownID());
    }

    /** The name under which the peer knows us. */
    String whoAmI() {
        return client.authentication()
                .v1()
                .selfSubjectReviews()
                .create(new SelfSubjectReview())
                .getStatus()
                .getUserInfo()
                .getUsername();
    }

    /** Watches the Advertisement for us; begins with the one that stands. */
    Watch watch(Watcher<Advertisement> watcher) {
        return client.resources(Advertisement.class)
                .inNamespace(namespace)
                .withName(ownID)
                .watch(watcher);
    }

    /** A new token for ourselves. */
    String renew(Duration life) {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(life.toSeconds())
                .endSpec()
                .build();
        return client.serviceAccounts()
                .inNamespace(namespace)
                .withName(ownID)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    @Override
    public void close() {
        client.close();
    }
}
