// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where things are in the image, and how its program is started. */
final class Layout {
    static final String JAVA_HOME = "/opt/jre";
    static final String HOME = "/opt/hawser";
    static final String JAR = "hawser.jar";

    /** What the image can be started as, by its first argument. */
    static final List<String> PROGRAMS = List.of("gateway", "controller", "proxy");

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
            // What a process holds between two requests decides its memory, not what passes through: a small
            // nursery, an old generation that shrinks again, and native memory given back after compilations. Survivors
            // of minor collections need room: with 256 KiB each the old generation of a gateway went from 14.7 to 17.9
            // MB within minutes, for it is enlarged before it is collected. What is left of that has not been measured.
            "-XX:NewSize=4m",
            "-XX:MaxNewSize=4m",
            "-XX:SurvivorRatio=2",
            "-XX:MinHeapFreeRatio=10",
            "-XX:MaxHeapFreeRatio=25",
            "-XX:TrimNativeHeapInterval=2000",
            "-XX:+UseCompactObjectHeaders",
            // By default the JVM moves the cache to an address nobody can guess: it writes to every page of it,
            // 53 MB that each process has for itself, and reads all of it at the start. The price is that class
            // data stand where they can be guessed. What takes bytes from a network is Java and libcrypto's
            // cipher, and libraries, heap and stacks stay where nobody knows.
            "-XX:+UnlockDiagnosticVMOptions",
            "-XX:ArchiveRelocationMode=0",
            // Its file in /tmp would be the only write to the file system, which is read-only.
            "-XX:-UsePerfData",
            // A process short of memory is restarted by the kubelet, one that limps on is not.
            "-XX:+ExitOnOutOfMemoryError",
            // Netty is silent about it; the JVM is not.
            "--sun-misc-unsafe-memory-access=allow");

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
        command.addAll(FLAGS);
        command.add("-Djava.library.path=" + home.resolve(NATIVE));
        command.add("-jar");
        command.add(home.resolve(JAR).toString());
        return command;
    }
}
