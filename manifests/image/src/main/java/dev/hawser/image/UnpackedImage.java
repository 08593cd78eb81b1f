// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * An image as a container engine sees it: its layers unpacked over each other, and its configuration.
 *
 * @param root folder that is the root of the file system for programs of the image
 * @param config the configuration of a container, with the names of the OCI image specification
 */
public record UnpackedImage(Path root, JsonNode config) {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /**
     * Unpacks an image; two seconds for ours.
     *
     * @param archive a tar file in the OCI layout
     * @param folder for everything, the root among it
     */
    public static UnpackedImage of(Path archive, Path folder) {
        try {
            Path layout = Files.createDirectories(folder.resolve("layout"));
            Path root = Files.createDirectories(folder.resolve("root"));
            tar("-xf", archive, layout);
            JsonNode manifest = blob(layout, read(layout.resolve("index.json")).at("/manifests/0/digest"));
            for (JsonNode layer : manifest.path("layers")) {
                tar("-xzf", path(layout, layer.path("digest")), root);
            }
            // Container engines mount there.
            Files.createDirectories(root.resolve("proc"));
            Files.createDirectories(root.resolve("dev"));
            return new UnpackedImage(
                    root, blob(layout, manifest.at("/config/digest")).path("config"));
        } catch (IOException e) {
            throw new ImageException(archive + " cannot be unpacked in " + folder + ": " + e.getMessage(), e);
        }
    }

    /** The program that a container runs; its arguments come behind. */
    public List<String> entryPoint() {
        return StreamSupport.stream(config.path("Entrypoint").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static void tar(String how, Path archive, Path target) {
        Program.run(
                "unpacking an image",
                List.of("tar", "--warning=no-unknown-keyword", how, archive.toString(), "-C", target.toString()),
                Map.of("PATH", "/usr/bin:/bin"),
                LIMIT);
    }

    private static JsonNode blob(Path layout, JsonNode digest) throws IOException {
        return read(path(layout, digest));
    }

    private static Path path(Path layout, JsonNode digest) {
        return layout.resolve("blobs").resolve(digest.asText().replace(':', '/'));
    }

    private static JsonNode read(Path file) throws IOException {
        return new ObjectMapper().readTree(file.toFile());
    }
}
