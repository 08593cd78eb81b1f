// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

/**
 * Where the gateway finds its objects.
 *
 * @param namespace of ClusterGateway, Configurations and Connections
 * @param nodeNamespace of the Secret with the keys
 * @param clusterGateway name of the one ClusterGateway
 * @param pod name of this gateway's pod, shown in the status
 */
public record ObjectNames(String namespace, String nodeNamespace, String clusterGateway, String pod) {
    /** Name of the Secret in {@link #nodeNamespace}; the install creates it empty. */
    static final String KEYS_SECRET = "gateway-keys";

    /** Name of the Lease in {@link #nodeNamespace} that shows the gateway alive; the install creates it empty. */
    static final String LEASE = "gateway";

    String keysSecret() {
        return nodeNamespace + "/" + KEYS_SECRET;
    }
}
