// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Where things are in the image, and how its program is started. */
final class Layout {
    static final String JAVA_HOME = "/opt/jre";
    static final String HOME = "/opt/hawser";
    static final String JAR = "hawser.jar";

    /** What the image can be started as, by its first argument. */
    static final List<String> PROGRAMS = List.of("gateway", "controller", "proxy");

    /** What the JVM of a gateway compiles how. */
    static final String COMPILER = "gateway.compiler";

    /** When it does. */
    static final String THRESHOLDS = "gateway.thresholds";

    static final String LIBRARIES = "lib";
    static final String NATIVE = "native";

    /** Of every process. Threads of a JVM hardly call malloc at the same time, and each pool of its own keeps memory. */
    static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", "MALLOC_ARENA_MAX", "1");

    private Layout() {}

    /**
     * What the image starts; its arguments come behind. Which cache goes with which program is for the manifests to say, in
     * {@code JDK_JAVA_OPTIONS}; without one the start takes twice as long and is the same.
     */
    static List<String> entryPoint() {
        return command(Path.of(JAVA_HOME), Path.of(HOME));
    }

    /**
     * The file of a program's cache. Each has its own, because the JVM makes all classes of a cache ready at the start: with one
     * for all, a gateway holds a controller in its memory.
     */
    static String cache(String program) {
        return program + ".aot";
    }

    /** The same program wherever its two folders are, with one more flag for the cache. */
    static List<String> command(Path javaHome, Path home, String... more) {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin/java").toString());
        command.addAll(List.of(more));
        command.addAll(flags());
        command.add("-Djava.library.path=" + home.resolve(NATIVE));
        command.add("-jar");
        command.add(home.resolve(JAR).toString());
        return command;
    }

    private static List<String> flags() {
        try (InputStream file = Objects.requireNonNull(Layout.class.getResourceAsStream("jvm.options"))) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
