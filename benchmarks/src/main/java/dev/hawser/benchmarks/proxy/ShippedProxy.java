// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.variant.Container;
import dev.hawser.image.ImageBuild;
import dev.hawser.image.Kustomization;
import dev.hawser.image.UnpackedImage;
import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Our proxy as a container of it runs: from the image's file system, with its Java runtime, JVM options and class cache, as the
 * manifests' user and with the memory that their limit makes a JVM see. Its own limits are out of the way.
 */
final class ShippedProxy {
    private static final String MANIFEST = "kustomize/default/api-server-proxy.yaml";
    private static final Pattern OPTIONS = Pattern.compile("\\{name: JDK_JAVA_OPTIONS, value: \"([^\"]*)\"}");
    private static final Pattern LIMIT = Pattern.compile("limits: \\{.*memory: (\\d+)Mi");
    private static final Pattern USER = Pattern.compile("runAsUser: (\\d+)");
    private static final String SETTINGS = "opt/hawser/bench.yaml";

    private final Container container;
    private final String options;

    private ShippedProxy(Container container, String options) {
        this.container = container;
        this.options = options;
    }

    /**
     * Unpacks the image of this build, and makes it first if it is not there.
     *
     * @param folder for the image's files
     * @param maps where the JVM leaves the names of what it compiled when it ends; it does not if there is none
     */
    static ShippedProxy unpack(Path folder, Optional<Path> maps, Consumer<String> progress) {
        UnpackedImage image = UnpackedImage.of(ImageBuild.ensure(progress), folder);
        try {
            Files.writeString(image.root().resolve(SETTINGS), """
                    limits:
                      tunnels: %1$d
                      tunnelsPerSource: %1$d
                      tunnelsPerPeer: %1$d
                      connectsPerSecondPerSource: 1000000
                      connectBurst: 1000000
                      pendingDials: 1024
                    drain: {delay: 0s, grace: 0s}
                    """.formatted(Contenders.DESCRIPTORS / 2 - 100));
            String manifest = Files.readString(
                    Kustomization.unpack(folder.resolve("manifests")).resolve(MANIFEST));
            String user = found(USER, manifest);
            String options = found(OPTIONS, manifest) + " -XX:MaxRAM=" + found(LIMIT, manifest) + "m";
            return new ShippedProxy(new Container(image, user + ":" + user, maps), options);
        } catch (IOException e) {
            throw new UncheckedIOException("the proxy's settings cannot be put into " + folder, e);
        }
    }

    /** The build, as every process of the image tells it. */
    String build() {
        return container
                .image()
                .config()
                .at("/Labels/org.opencontainers.image.revision")
                .asText("unknown");
    }

    String options() {
        return options;
    }

    /** What starts it at a port, with its health at another. */
    Command command(int port, int health) {
        Map<String, String> environment = new TreeMap<>();
        environment.put(Container.JVM_OPTIONS, options);
        environment.put("KUBERNETES_SERVICE_HOST", Contenders.TARGET);
        environment.put("KUBERNETES_SERVICE_PORT", String.valueOf(Contenders.TARGET_PORT));
        environment.put("HAWSER_PROXY_ADDRESS", Contenders.ADDRESS + ":" + port);
        environment.put("HAWSER_HEALTH_ADDRESS", Contenders.ADDRESS + ":" + health);
        environment.put("HAWSER_PROXY_CONFIG", "/" + SETTINGS);
        return container.command("proxy", environment, Optional.empty());
    }

    private static String found(Pattern pattern, String manifest) {
        Matcher matcher = pattern.matcher(manifest);
        if (!matcher.find()) {
            throw new BenchmarkException(MANIFEST + " is not as it was: it has no " + pattern
                    + "; the bench takes the proxy's settings from there");
        }
        return matcher.group(1);
    }
}
