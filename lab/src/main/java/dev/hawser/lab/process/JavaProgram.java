// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.process;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A main class from the class path of this JVM, to be run by the same Java as a process of its own.
 *
 * <p>Small by default, because a laboratory runs many: serial collector, 64 MiB of heap, 256 KiB of stack. A flag given
 * later wins over these.
 *
 * @param mainClass fully qualified name
 * @param flags JVM flags after the defaults
 * @param arguments of the program
 */
public record JavaProgram(String mainClass, List<String> flags, List<String> arguments) {
    private static final List<String> DEFAULTS =
            List.of("--enable-native-access=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx64m", "-Xss256k", "-Xshare:auto");

    public JavaProgram {
        flags = List.copyOf(flags);
        arguments = List.copyOf(arguments);
    }

    public static JavaProgram of(String mainClass, String... arguments) {
        return new JavaProgram(mainClass, List.of(), List.of(arguments));
    }

    public JavaProgram flags(String... more) {
        List<String> all = new ArrayList<>(flags);
        all.addAll(List.of(more));
        return new JavaProgram(mainClass, all, arguments);
    }

    public Command command() {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        all.addAll(DEFAULTS);
        all.addAll(flags);
        all.add("-cp");
        all.add(classPath());
        all.add(mainClass);
        all.addAll(arguments);
        return Command.of(all);
    }

    /** The class path of this JVM with absolute entries; under Maven's test runner the one of the tests. */
    private static String classPath() {
        // The test runner starts its JVM with one jar whose manifest names the rest, and tells the rest here.
        String entries = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Arrays.stream(entries.split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
