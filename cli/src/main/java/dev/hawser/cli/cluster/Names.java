// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.cluster;

/** Names of objects that every installation has (architecture.md section 6, api.md). */
public final class Names {
    /** Namespace of the controller and of nearly every custom resource. */
    public static final String NAMESPACE = "hawser";
    /** Namespace of the identities of peers. */
    public static final String PEERS_NAMESPACE = "hawser-peers";
    /** The one ClusterGateway. */
    public static final String GATEWAY = "this";
    /** The proxy's Service and the IP that exposes it. */
    public static final String PROXY = "api-server-proxy";
    /** What the certificate of every API server names. */
    public static final String API_SERVER_URL = "https://kubernetes.default.svc:443";
    /** Key of a credential Secret. */
    public static final String TOKEN_KEY = "token";

    private Names() {}

    /** The Secret with the token that opens the peer's Advertisement for us. */
    public static String credentialSecret(String peerID) {
        return "peer-" + peerID + "-credential";
    }
}
