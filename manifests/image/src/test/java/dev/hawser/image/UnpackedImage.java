// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * An image as a container engine sees it: its layers unpacked over each other, and its configuration. Programs run in it
 * with nothing else of this machine's files.
 */
record UnpackedImage(Path root, JsonNode config) {
    /** What a program in the image wrote, and its exit status. */
    record Answer(int status, String output) {}

    static UnpackedImage of(Path archive, Path folder) throws IOException, InterruptedException {
        Path layout = Files.createDirectories(folder.resolve("layout"));
        Path root = Files.createDirectories(folder.resolve("root"));
        tar("-xf", archive, layout);
        JsonNode manifest = blob(layout, read(layout.resolve("index.json")).at("/manifests/0/digest"));
        for (JsonNode layer : manifest.path("layers")) {
            tar("-xzf", path(layout, layer.path("digest")), root);
        }
        // A container engine mounts it.
        Files.createDirectories(root.resolve("proc"));
        return new UnpackedImage(
                root, blob(layout, manifest.at("/config/digest")).path("config"));
    }

    /** Runs the image's own program as the image's own user, with more JVM flags if need be. */
    Answer run(List<String> jvmFlags, String... arguments) throws IOException, InterruptedException {
        List<String> entryPoint = StreamSupport.stream(config.path("Entrypoint").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        List<String> words = new ArrayList<>();
        words.add(entryPoint.getFirst());
        words.addAll(jvmFlags);
        words.addAll(entryPoint.subList(1, entryPoint.size()));
        words.addAll(List.of(arguments));
        return exec(words);
    }

    /** Runs a program of the image. */
    Answer exec(List<String> words) throws IOException, InterruptedException {
        String[] user = config.path("User").asText().split(":", -1);
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--pid",
                "--net",
                "--fork",
                "--root=" + root,
                "--mount-proc",
                "--setuid=" + user[0],
                "--setgid=" + user[1]));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().retainAll(List.of("PATH"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), output);
    }

    private static void tar(String how, Path archive, Path target) throws IOException, InterruptedException {
        Process tar = new ProcessBuilder(
                        "tar", "--warning=no-unknown-keyword", how, archive.toString(), "-C", target.toString())
                .inheritIO()
                .start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar cannot unpack " + archive);
        }
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
