// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.networking.APIServerIdentity;
import dev.hawser.api.networking.ProxyAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The kubeconfig for a peer's API server. It names no user: whoever uses it brings a token. Pure. */
public final class Kubeconfig {
    private Kubeconfig() {}

    /** The address of the peer's proxy as a URL. */
    public static String proxyURL(ProxyAddress proxy) {
        String host = proxy.address().contains(":") ? "[" + proxy.address() + "]" : proxy.address();
        return "http://" + host + ":" + proxy.port();
    }

    /** The host whose name the API server's certificate must carry. */
    public static String serverName(APIServerIdentity server) {
        String host = URI.create(server.url()).getHost();
        if (host == null) {
            throw new IllegalArgumentException("spec.apiServer.url \"" + server.url()
                    + "\" has no host; write https://kubernetes.default.svc:443");
        }
        return host;
    }

    static String text(String peerID, APIServerIdentity server, ProxyAddress proxy) {
        String authority = Base64.getEncoder().encodeToString(server.caBundle().getBytes(StandardCharsets.UTF_8));
        // A name may look like a number to a YAML reader, so it is quoted; cluster IDs need no escapes.
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: "%1$s"
                  cluster:
                    server: "%2$s"
                    proxy-url: "%3$s"
                    tls-server-name: "%4$s"
                    certificate-authority-data: %5$s
                contexts:
                - name: "%1$s"
                  context:
                    cluster: "%1$s"
                current-context: "%1$s"
                """.formatted(peerID, server.url(), proxyURL(proxy), serverName(server), authority);
    }
}
