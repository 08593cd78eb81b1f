// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program with its arguments and surroundings; an immutable value.
 *
 * @param arguments the program and what follows it
 * @param environment added to the environment of this JVM
 * @param directory working directory; that of this JVM if null
 * @param log file that standard output and error are appended to; chosen by whoever starts the command if null
 * @param input what the program reads from standard input; nothing if null
 */
public record Command(
        List<String> arguments,
        Map<String, String> environment,
        @Nullable Path directory,
        @Nullable Path log,
        @Nullable String input) {

    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        if (arguments.isEmpty()) {
            throw new IllegalArgumentException("a command needs a program");
        }
    }

    public static Command of(String... arguments) {
        return of(List.of(arguments));
    }

    public static Command of(List<String> arguments) {
        return new Command(arguments, Map.of(), null, null, null);
    }

    public Command with(String variable, String value) {
        Map<String, String> more = new TreeMap<>(environment);
        more.put(variable, value);
        return new Command(arguments, more, directory, log, input);
    }

    public Command with(Map<String, String> variables) {
        Map<String, String> more = new TreeMap<>(environment);
        more.putAll(variables);
        return new Command(arguments, more, directory, log, input);
    }

    public Command in(Path workingDirectory) {
        return new Command(arguments, environment, workingDirectory, log, input);
    }

    public Command loggingTo(Path file) {
        return new Command(arguments, environment, directory, file, input);
    }

    public Command reading(String standardInput) {
        return new Command(arguments, environment, directory, log, standardInput);
    }

    /** The same command started by another program, such as {@code nsenter}, that ends by becoming it. */
    public Command prefixedBy(List<String> prefix) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(arguments);
        return new Command(all, environment, directory, log, input);
    }

    /** The file name of the program, as a name for logs and messages. */
    public String program() {
        Path name = Path.of(arguments.getFirst()).getFileName();
        return name == null ? arguments.getFirst() : name.toString();
    }

    @Override
    public String toString() {
        return String.join(" ", arguments);
    }
}
