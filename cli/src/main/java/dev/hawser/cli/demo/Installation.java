// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.Peering;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The manifests of a cluster of the demo, filled in and put into folders that kubectl can apply. */
final class Installation {
    private static final String MANIFESTS = "/dev/hawser/manifests/";
    private static final List<Class<? extends CustomResource<?, ?>>> KINDS = List.of(
            IP.class,
            Pool.class,
            Network.class,
            ClusterGateway.class,
            Peering.class,
            Configuration.class,
            Connection.class,
            Advertisement.class);
    // In the order of installation (architecture.md section 6, step 0).
    private static final List<String> INSTALL = List.of(
            "10-namespaces.yaml",
            "20-service-accounts.yaml",
            "21-rbac-controller.yaml",
            "22-rbac-gateway.yaml",
            "30-gateway-keys.yaml",
            "40-api-server-proxy.yaml",
            "50-pool.yaml",
            "60-cluster-gateway.yaml",
            "70-api-server-proxy-ip.yaml");
    private static final String DEMO_OBJECTS = "demo-objects.yaml";

    private final Path folder;
    private final Map<String, String> words;

    /**
     * @param folder of this cluster's manifests
     */
    Installation(Path folder, ClusterPlan plan) {
        this.folder = folder;
        this.words = Map.of(
                "CLUSTER_ID", plan.id(),
                "POD_CIDR", ClusterPlan.POD_CIDR,
                "SERVICE_CIDR", ClusterPlan.SERVICE_CIDR,
                "EXTERNAL_CIDR", ClusterPlan.EXTERNAL_CIDR,
                "ENDPOINTS",
                        plan.endpoint().map(endpoint -> '"' + endpoint + '"').orElse(""));
    }

    /** The custom resource definitions. */
    Path crds() {
        Path crds = folder.resolve("crds");
        for (Class<? extends CustomResource<?, ?>> kind : KINDS) {
            write(crds, HasMetadata.getFullResourceName(kind) + ".yaml", MANIFESTS + "crds/");
        }
        return crds;
    }

    /** What is installed. */
    Path install() {
        Path install = folder.resolve("install");
        INSTALL.forEach(file -> write(install, file, MANIFESTS + "install/"));
        return install;
    }

    /** Something to ask the API server for, and identities that may and may not. */
    Path demoObjects() {
        return write(folder, DEMO_OBJECTS, "");
    }

    private Path write(Path target, String file, String resourceFolder) {
        try {
            Files.createDirectories(target);
            return Files.writeString(target.resolve(file), filled(read(resourceFolder + file)));
        } catch (IOException e) {
            throw new UncheckedIOException("manifest " + file + " cannot be written into " + target, e);
        }
    }

    private String filled(String text) {
        String filled = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            filled = filled.replace("${" + word.getKey() + "}", word.getValue());
        }
        return filled;
    }

    private static String read(String resource) throws IOException {
        try (InputStream stream = Installation.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new IllegalStateException("resource " + resource + " is missing from the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
