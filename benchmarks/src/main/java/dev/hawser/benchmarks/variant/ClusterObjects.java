// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import java.util.List;
import java.util.stream.Collectors;

/** The objects that people and controllers would write, as YAML for kubectl. */
final class ClusterObjects {
    private ClusterObjects() {}

    /**
     * A cluster before it has peers.
     *
     * @param namespace of its objects; the gateway's keys are in the same with "-node" behind it
     * @param podCidrs one or several, separated by a comma
     */
    static String cluster(String id, String namespace, String podCidrs, String externalCidr, String endpoint) {
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
                """.formatted(id, namespace, podCidrs, externalCidr, endpoint);
    }

    /** A range and its name in the other cluster. */
    record Named(String cidr, String remapped) {
        private String yaml() {
            return "{cidr: " + cidr + ", remapped: " + remapped + "}";
        }
    }

    /** Another cluster, and the names that its ranges have here. */
    record Peer(String id, String publicKey, String endpoint, List<Named> pods, Named external) {
        /** What is agreed with it, in the cluster whose objects are in a namespace. */
        String specs(String namespace, String ownPodCidrs, String ownExternalCidr) {
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
                            id,
                            namespace,
                            ownPodCidrs,
                            ownExternalCidr,
                            pods.stream().map(Named::cidr).collect(Collectors.joining(",")),
                            external.cidr(),
                            publicKey,
                            endpoint);
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
                        podCIDRs: [%3$s]
                        externalCIDRs: [%4$s]
                      observedGeneration: 1
                    """.formatted(
                    id, namespace, pods.stream().map(Named::yaml).collect(Collectors.joining(",")), external.yaml());
        }
    }
}
