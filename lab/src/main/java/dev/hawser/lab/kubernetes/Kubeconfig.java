// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A kubeconfig with one cluster and at most one user; an immutable value.
 *
 * @param server URL of the API server
 * @param caCertificate whom to trust, as PEM
 * @param credential client certificate; null for none
 * @param token bearer token; null for none
 * @param proxyUrl HTTP proxy on the way; null for none
 */
public record Kubeconfig(
        String server,
        String caCertificate,
        @Nullable Credential credential,
        @Nullable String token,
        @Nullable String proxyUrl) {

    public static Kubeconfig of(String server, String caCertificate) {
        return new Kubeconfig(server, caCertificate, null, null, null);
    }

    public Kubeconfig with(Credential clientCertificate) {
        return new Kubeconfig(server, caCertificate, clientCertificate, null, proxyUrl);
    }

    public Kubeconfig withToken(String bearer) {
        return new Kubeconfig(server, caCertificate, null, bearer, proxyUrl);
    }

    public Kubeconfig through(String proxy) {
        return new Kubeconfig(server, caCertificate, credential, token, proxy);
    }

    /** The text that goes into a file. */
    public String yaml() {
        StringBuilder cluster = new StringBuilder();
        entry(cluster, "server", server);
        entry(cluster, "certificate-authority-data", base64(caCertificate));
        if (proxyUrl != null) {
            entry(cluster, "proxy-url", proxyUrl);
        }
        StringBuilder user = new StringBuilder();
        if (credential != null) {
            entry(user, "client-certificate-data", base64(credential.certificate()));
            entry(user, "client-key-data", base64(credential.key()));
        }
        if (token != null) {
            entry(user, "token", token);
        }
        return """
        apiVersion: v1
        kind: Config
        current-context: lab
        contexts:
        - name: lab
          context: {cluster: lab, user: lab}
        clusters:
        - name: lab
          cluster:
        %susers:
        - name: lab
          user:%s
        """.formatted(
                        cluster, user.isEmpty() ? " {}" : "\n" + user.toString().stripTrailing());
    }

    /** Leaves out the secrets. */
    @Override
    public String toString() {
        return "kubeconfig for " + server;
    }

    private static void entry(StringBuilder target, String key, String value) {
        // Double quotes: base64, URLs and tokens contain nothing that they would have to escape.
        target.append("    ").append(key).append(": \"").append(value).append("\"\n");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
