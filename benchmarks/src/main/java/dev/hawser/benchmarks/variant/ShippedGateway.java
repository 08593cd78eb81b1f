// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.image.ImageBuild;
import dev.hawser.image.UnpackedImage;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.kubernetes.Kubeconfig;
import dev.hawser.lab.kubernetes.Kubectl;
import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The gateway as a container of it runs: from the image's file system, with the image's Java runtime, JVM options and class
 * cache, and with the environment and the memory limit that the manifests give it.
 */
final class ShippedGateway {
    private static final String ACCOUNT = "var/run/secrets/kubernetes.io/serviceaccount";

    private final UnpackedImage image;
    private final Path volumes;
    private final Map<String, String> environment;

    private ShippedGateway(UnpackedImage image, Path volumes, Map<String, String> environment) {
        this.image = image;
        this.volumes = volumes;
        this.environment = Map.copyOf(environment);
    }

    /**
     * Unpacks the image of this build, and makes it first if it is not there.
     *
     * @param folder for the image's files
     */
    static ShippedGateway unpack(ApiServer apiServer, Path folder, Consumer<String> progress) {
        UnpackedImage image = UnpackedImage.of(ImageBuild.ensure(progress), folder);
        try {
            addAccount(image.root().resolve(ACCOUNT), apiServer.account());
            addBoringSsl(image.root());
            Files.createDirectories(image.root().resolve(Container.RUN));
        } catch (IOException e) {
            throw new UncheckedIOException("what a pod is given cannot be put into " + folder, e);
        }
        return new ShippedGateway(image, folder.resolveSibling("volumes"), environment(apiServer.kubectl()));
    }

    /** What the kubelet mounts into every pod. */
    private static void addAccount(Path folder, Kubeconfig account) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("ca.crt"), account.caCertificate());
        Files.writeString(folder.resolve("token"), requireNonNull(account.token()));
    }

    /** An accelerator that a node may have and the image need not: whoever wants it mounts it. */
    private static void addBoringSsl(Path root) throws IOException {
        Path file = Path.of(
                "/usr/lib",
                System.getProperty("os.arch").equals("aarch64") ? "aarch64-linux-gnu" : "x86_64-linux-gnu",
                "android/libcrypto.so.0");
        Path target = root.resolve(file.toString().substring(1));
        if (Files.exists(file) && !Files.exists(target)) {
            Files.createDirectories(target.getParent());
            Files.copy(file, target);
        }
    }

    /** The build, as every process of the image tells it. */
    String build() {
        return image.config().at("/Labels/org.opencontainers.image.revision").asText("unknown");
    }

    String jvmOptions() {
        return environment.getOrDefault(Container.JVM_OPTIONS, "");
    }

    /**
     * What starts a gateway on a node.
     *
     * @param gateway whose volume outlives its process as that of a pod does
     * @param more settings of this gateway only
     * @param maps where the JVM leaves the names of what it compiled when it ends; it does not if there is none
     */
    Command command(String gateway, Map<String, String> more, Optional<Path> maps) {
        Map<String, String> all = new TreeMap<>(environment);
        all.putAll(more);
        all.put("KUBERNETES_SERVICE_HOST", ApiServer.ADDRESS);
        all.put("KUBERNETES_SERVICE_PORT", String.valueOf(ControlPlane.PORT));
        return new Container(image, "0:0", maps).command("gateway", all, Optional.of(volume(gateway)));
    }

    /** Empties the volume of a gateway, as a new pod finds it. */
    void empty(String gateway) {
        try (Stream<Path> files = Files.list(volume(gateway))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the volume of " + gateway + " cannot be emptied", e);
        }
    }

    private Path volume(String name) {
        try {
            return Files.createDirectories(volumes.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for the volume of " + name, e);
        }
    }

    private static Map<String, String> environment(Kubectl kubectl) {
        String deployment = kubectl.run("get", "deployment/gateway", "-n", "hawser-node", "-o", "json");
        try {
            JsonNode container = new JsonMapper().readTree(deployment).at("/spec/template/spec/containers/0");
            Map<String, String> environment = new TreeMap<>();
            container.path("env").forEach(each -> {
                // What refers to the pod is for each gateway to set.
                if (each.has("value") && !each.path("value").asText().contains("$(")) {
                    environment.put(
                            each.path("name").asText(), each.path("value").asText());
                }
            });
            // Makes the JVM see a machine with as much memory as a container with this limit has.
            environment.merge(
                    Container.JVM_OPTIONS,
                    "-XX:MaxRAM="
                            + bytes(container.at("/resources/limits/memory").asText()),
                    (options, limit) -> options + " " + limit);
            return environment;
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("kubectl shows the gateway's Deployment in no form that is known", e);
        }
    }

    /** A quantity in mebibytes, as the manifest has it. */
    static long bytes(String quantity) {
        if (!quantity.matches("\\d+Mi")) {
            throw new BenchmarkException(
                    "the memory limit of the gateway's Deployment is \"" + quantity + "\"; give it in Mi");
        }
        return Long.parseLong(quantity.substring(0, quantity.length() - 2)) << 20;
    }
}
