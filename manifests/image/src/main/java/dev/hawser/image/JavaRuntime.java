// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The Java runtime of the image: the modules that our programs and libraries use, linked from the JDK that runs this.
 */
final class JavaRuntime {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    private static final List<String> OPTIONS = List.of(
            "--add-modules",
            String.join(
                    ",",
                    "java.logging",
                    "java.management",
                    "java.naming",
                    "java.net.http",
                    // Jackson asks for its types, Logback's set-up names it.
                    "java.sql",
                    "java.xml",
                    "jdk.httpserver",
                    // Micrometer's memory and CPU gauges.
                    "jdk.management",
                    "jdk.net",
                    // A recording of a misbehaving process.
                    "jdk.jfr",
                    // Netty.
                    "jdk.unsupported"),
            // The JDK's own line numbers; ours stay.
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages");

    private JavaRuntime() {}

    /** The JDK that this JVM belongs to. */
    static Path jdk() {
        return Path.of(System.getProperty("java.home"));
    }

    /** What the runtime depends on: the JDK's build and our choice. */
    static String fingerprint() {
        Path jdk = jdk();
        try {
            return new Fingerprint()
                    .add("release", jdk.resolve("release"))
                    .add("modules", String.valueOf(Files.size(jdk.resolve("lib/modules"))))
                    .add("options", String.join(" ", OPTIONS))
                    .text();
        } catch (IOException e) {
            throw new ImageException("cannot look at the JDK in " + jdk + ": " + e.getMessage(), e);
        }
    }

    /** Links the runtime into a folder that does not exist yet. */
    static void link(Path target) {
        Path jlink = jdk().resolve("bin/jlink");
        if (!Files.isExecutable(jlink)) {
            throw new ImageException(jlink + " is missing; run with a JDK, not with a Java runtime");
        }
        List<String> command = new ArrayList<>();
        command.add(jlink.toString());
        command.addAll(OPTIONS);
        command.add("--output");
        command.add(target.toString());
        Program.run("linking a Java runtime", command, Map.of(), LIMIT);
    }

    /** The files of a linked runtime. */
    static List<ImageFile> files(Path runtime) {
        try (Stream<Path> files = Files.walk(runtime)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> new ImageFile(
                            file, Layout.JAVA_HOME + "/" + runtime.relativize(file), Files.isExecutable(file)))
                    .toList();
        } catch (IOException e) {
            throw new ImageException("cannot list " + runtime + ": " + e.getMessage(), e);
        }
    }
}
