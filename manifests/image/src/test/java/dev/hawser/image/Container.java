// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs programs in an image, with nothing else of this machine's files. */
record Container(UnpackedImage image) {
    /** What a program in the image wrote, and its exit status. */
    record Answer(int status, String output) {}

    /** Runs the image's own program as the image's own user, with more JVM flags if need be. */
    Answer run(List<String> jvmFlags, String... arguments) throws IOException, InterruptedException {
        List<String> entryPoint = image.entryPoint();
        List<String> words = new ArrayList<>();
        words.add(entryPoint.getFirst());
        words.addAll(jvmFlags);
        words.addAll(entryPoint.subList(1, entryPoint.size()));
        words.addAll(List.of(arguments));
        return exec(words);
    }

    /** Runs a program of the image. */
    Answer exec(List<String> words) throws IOException, InterruptedException {
        String[] user = image.config().path("User").asText().split(":", -1);
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--mount",
                "--pid",
                "--net",
                "--fork",
                "--root=" + image.root(),
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
}
