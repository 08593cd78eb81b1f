// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.image.Kustomization;
import dev.hawser.lab.kubernetes.Cluster;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The manifests of a cluster of the demo, in folders that kubectl can apply. */
final class Installation {
    private static final String OVERLAY = """
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources:
            - ../default
            - cluster-gateway.yaml
            # While pods end, the deletion of their namespace rests for half of the time that they may take.
            patches:
            - target: {kind: Deployment, name: gateway}
              patch: |-
                - {op: replace, path: /spec/template/spec/terminationGracePeriodSeconds, value: 4}
                - {op: add, path: /spec/template/spec/containers/0/env/-, value: {name: HAWSER_STOP_TIMEOUT, value: 3s}}
            - target: {kind: Deployment, name: controller}
              patch: |-
                - {op: replace, path: /spec/template/spec/terminationGracePeriodSeconds, value: 2}
                - {op: add, path: /spec/template/spec/containers/0/env/-, value: {name: HAWSER_STOP_TIMEOUT, value: 1s}}
            - patch: |-
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: api-server-proxy, namespace: hawser}
                spec:
                  template:
                    spec:
                      terminationGracePeriodSeconds: 2
                      containers:
                      - name: proxy
                        env:
                        - {name: HAWSER_STOP_TIMEOUT, value: 1s}
            - target: {kind: ConfigMap, name: api-server-proxy}
              patch: |-
                - op: replace
                  path: /data/proxy.yaml
                  value: |
                    sources: {admitted: [10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, "fd00::/8"]}
                    drain: {delay: 0s, grace: 300ms}
            """;
    private static final String CLUSTER_GATEWAY = """
            apiVersion: networking.hawser.dev/v1alpha1
            kind: ClusterGateway
            metadata:
              name: this
              namespace: hawser
            spec:
              clusterID: "${CLUSTER_ID}"
              podCIDRs: [${POD_CIDRS}]
              serviceCIDRs: [${SERVICE_CIDRS}]
              externalCIDRs: [${EXTERNAL_CIDRS}]
              endpoints: [${ENDPOINTS}]
            """;

    private final Path folder;
    private final Map<String, String> words;

    /**
     * @param folder of this cluster's manifests
     */
    Installation(Path folder, ClusterPlan plan, KubernetesBinaries binaries) {
        this.folder = folder;
        this.words = Map.of(
                "CLUSTER_ID", plan.id(),
                "POD_CIDRS", both(ClusterPlan.POD_CIDR, ClusterPlan.POD_CIDR_IPV6),
                "SERVICE_CIDRS", both(ClusterPlan.SERVICE_CIDR, ClusterPlan.SERVICE_CIDR_IPV6),
                "EXTERNAL_CIDRS", both(ClusterPlan.EXTERNAL_CIDR, ClusterPlan.EXTERNAL_CIDR_IPV6),
                "ENDPOINTS",
                        plan.endpoint().map(endpoint -> '"' + endpoint + '"').orElse(""),
                "TOOLS_IMAGE", Cluster.TOOLS_IMAGE,
                "KUBEBOX", binaries.directory().toString());
    }

    private static String both(String ipv4, String ipv6) {
        return ipv4 + ", \"" + ipv6 + '"';
    }

    /** Writes everything down. */
    Installation write() {
        Kustomization.unpack(folder);
        write(overlay().resolve("kustomization.yaml"), OVERLAY);
        write(overlay().resolve("cluster-gateway.yaml"), CLUSTER_GATEWAY);
        return this;
    }

    /** The custom resource definitions, for {@code kubectl -k}. */
    Path crds() {
        return folder.resolve("kustomize/crds");
    }

    /** All else that is installed, for {@code kubectl -k}. */
    Path overlay() {
        return folder.resolve("kustomize/this-cluster");
    }

    /** Something to ask the API server for, identities that may and may not, and the first pod. */
    Path demoObjects() {
        return demo("demo-objects.yaml");
    }

    /** The other pods. */
    Path demoPods() {
        return demo("demo-pods.yaml");
    }

    private Path demo(String resource) {
        try (InputStream stream = Installation.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + resource + " is missing from the class path");
            }
            return write(folder.resolve(resource), new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + resource + " cannot be read", e);
        }
    }

    private Path write(Path file, String text) {
        String filled = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            filled = filled.replace("${" + word.getKey() + "}", word.getValue());
        }
        try {
            Files.createDirectories(file.resolveSibling(""));
            return Files.writeString(file, filled);
        } catch (IOException e) {
            throw new UncheckedIOException("manifest cannot be written: " + file, e);
        }
    }
}
