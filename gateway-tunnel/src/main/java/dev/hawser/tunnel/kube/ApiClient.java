// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Connection;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.time.Duration;
import java.util.List;

/**
 * The client for the API server that the environment names ({@code KUBECONFIG}, or the pod's own account).
 *
 * <p>It is told what it would look for in every jar: the HTTP client, and the kinds that a watch may bring. Left to itself it
 * loads more than 500 kinds of its model, while the first packets wait for the processor.
 */
final class ApiClient {
    private static final int WATCH_RECONNECT_MILLIS = 100;
    /** What an event of a watch may hold: what is watched, and the reason why it cannot go on. */
    private static final List<Class<? extends KubernetesResource>> WATCHED =
            List.of(ClusterGateway.class, Configuration.class, Connection.class, IP.class, Status.class);

    private ApiClient() {}

    /** Opens it; waits for nobody. */
    static KubernetesClient open(Duration requestLimit) {
        Config config = Config.autoConfigure(null);
        config.setRequestTimeout((int) requestLimit.toMillis());
        config.setConnectionTimeout((int) requestLimit.toMillis());
        // What fails is made again here with newer content; a retry below would send the old one.
        config.setRequestRetryBackoffLimit(0);
        // Doubled five times at most: informers are back within seconds after the API server is.
        config.setWatchReconnectInterval(WATCH_RECONNECT_MILLIS);
        KubernetesSerialization kinds = new KubernetesSerialization(new ObjectMapper(), false);
        WATCHED.forEach(kinds::registerKubernetesResource);
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withHttpClientFactory(new JdkHttpClientFactory())
                .withKubernetesSerialization(kinds)
                .build();
    }
}
