// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where things are in the image, and how its program is started. */
final class Layout {
    static final String JAVA_HOME = "/opt/jre";
    static final String HOME = "/opt/hawser";
    static final String JAR = "hawser.jar";
    static final String CACHE = "hawser.aot";
    static final String LIBRARIES = "lib";
    static final String NATIVE = "native";

    /**
     * Flags of every JVM, in training as in service: the JVM compares them and refuses a cache that was made under others.
     */
    private static final List<String> FLAGS = List.of(
            // Small heaps and few cores: the other collectors only bring threads and memory.
            "-XX:+UseSerialGC",
            // The container's limit is the one number to set; the rest is for code, threads and packet buffers.
            "-XX:MaxRAMPercentage=50",
            // Its file in /tmp would be the only write to the file system, which is read-only.
            "-XX:-UsePerfData",
            // A process short of memory is restarted by the kubelet, one that limps on is not.
            "-XX:+ExitOnOutOfMemoryError",
            // Netty is silent about it; the JVM is not.
            "--sun-misc-unsafe-memory-access=allow");

    private Layout() {}

    /** What the image starts; its arguments come behind. */
    static List<String> entryPoint() {
        return command(Path.of(JAVA_HOME), Path.of(HOME), "-XX:AOTCache=" + HOME + "/" + CACHE);
    }

    /** The same program wherever its two folders are, with one more flag for the cache. */
    static List<String> command(Path javaHome, Path home, String... more) {
        List<String> command = new ArrayList<>();
        command.add(javaHome.resolve("bin/java").toString());
        command.addAll(List.of(more));
        command.addAll(FLAGS);
        command.add("-Djava.library.path=" + home.resolve(NATIVE));
        command.add("-jar");
        command.add(home.resolve(JAR).toString());
        return command;
    }
}
