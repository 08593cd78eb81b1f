// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

/** The objects that people and controllers would write, as YAML for kubectl. */
final class ClusterObjects {
    private ClusterObjects() {}

    /**
     * A cluster before it has peers.
     *
     * @param namespace of its objects; the gateway's keys are in the same with "-node" behind it
     */
    static String cluster(String id, String namespace, String podCidr, String externalCidr, String endpoint) {
        return """
                {apiVersion: v1, kind: Namespace, metadata: {name: %2$s}}
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: %2$s-node}}
                ---
                {apiVersion: v1, kind: Secret, metadata: {name: gateway-keys, namespace: %2$s-node}}
                ---
                apiVersion: networking.hawser.dev/v1alpha1
                kind: ClusterGateway
                metadata: {name: this, namespace: %2$s}
                spec:
                  clusterID: %1$s
                  podCIDRs: [%3$s]
                  serviceCIDRs: [10.95.0.0/16]
                  externalCIDRs: [%4$s]
                  endpoints: ["%5$s"]
                """.formatted(id, namespace, podCidr, externalCidr, endpoint);
    }

    /** Another cluster, and the names that its ranges have here. */
    record Peer(
            String id,
            String publicKey,
            String endpoint,
            String podCidr,
            String remappedPodCidr,
            String externalCidr,
            String remappedExternalCidr) {
        /** What is agreed with it, in the cluster whose objects are in a namespace. */
        String specs(String namespace, String ownPodCidr, String ownExternalCidr) {
            return """
                    ---
                    apiVersion: networking.hawser.dev/v1alpha1
                    kind: Configuration
                    metadata: {name: %1$s, namespace: %2$s}
                    spec:
                      local: {podCIDRs: [%3$s], externalCIDRs: [%4$s]}
                      remote: {clusterID: %1$s, podCIDRs: [%5$s], externalCIDRs: [%6$s]}
                    ---
                    apiVersion: networking.hawser.dev/v1alpha1
                    kind: Connection
                    metadata: {name: %1$s, namespace: %2$s}
                    spec: {clusterID: %1$s, publicKeys: ["%7$s"], endpoints: ["%8$s"], persistentKeepalive: 25}
                    """.formatted(
                            id, namespace, ownPodCidr, ownExternalCidr, podCidr, externalCidr, publicKey, endpoint);
        }

        /** What the controllers grant it. */
        String status(String namespace) {
            return """
                    ---
                    apiVersion: networking.hawser.dev/v1alpha1
                    kind: Configuration
                    metadata: {name: %1$s, namespace: %2$s}
                    status:
                      remote:
                        podCIDRs: [{cidr: %3$s, remapped: %4$s}]
                        externalCIDRs: [{cidr: %5$s, remapped: %6$s}]
                      observedGeneration: 1
                    """.formatted(id, namespace, podCidr, remappedPodCidr, externalCidr, remappedExternalCidr);
        }
    }
}
