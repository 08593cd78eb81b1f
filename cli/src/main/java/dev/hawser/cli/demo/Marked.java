// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Processes that carry the mark of a demo in their environment or stand in its control groups, the network namespaces they
 * hold, and those groups.
 *
 * <p>Read from /proc directly: {@link ProcessHandle.Info} gives up on command lines of more than a page, and a Java class
 * path easily makes one.
 *
 * @param processes process id and main program, for people
 * @param namespaces as the kernel names them, without the one of this process
 * @param groups folders of control groups
 */
record Marked(List<String> processes, List<String> namespaces, List<String> groups) {
    private static final int LONGEST_COMMAND = 120;
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");
    // In version 1 a folder below holds one hierarchy each.
    private static final int DEPTH = 2;

    Marked {
        processes = List.copyOf(processes);
        namespaces = List.copyOf(namespaces);
        groups = List.copyOf(groups);
    }

    static Marked find(DemoFolder folder) {
        String mark = DemoFolder.MARK + "=" + folder.path();
        // Without a state there was no supervisor, and nobody has a group without a number.
        String group = folder.state()
                .map(state -> "hawser-lab-" + state.supervisor() + "-")
                .orElse("hawser-lab--");
        Set<String> processes = new TreeSet<>();
        Set<String> namespaces = new TreeSet<>();
        ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid ->
                        environment(pid).contains(mark) || read(pid, "cgroup").contains(group))
                .forEach(pid -> {
                    processes.add(pid + " " + shortened(commandLine(pid)));
                    namespaces.addAll(networks(pid));
                });
        namespaces.remove(network(Path.of("/proc/self/ns/net")));
        return new Marked(List.copyOf(processes), List.copyOf(namespaces), groups(group));
    }

    /** The words of a process's command line; empty if it is gone. */
    static String commandLine(long pid) {
        return read(pid, "cmdline").replace('\0', ' ').strip();
    }

    private static List<String> groups(String prefix) {
        try (Stream<Path> folders = Files.find(
                GROUPS,
                DEPTH,
                (path, attributes) -> path.getFileName().toString().startsWith(prefix))) {
            return folders.map(Path::toString).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            // Groups of others go while we look, or there are none on this machine.
            return List.of();
        }
    }

    private static Set<String> environment(long pid) {
        return Arrays.stream(read(pid, "environ").split("\0")).collect(Collectors.toSet());
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // Gone meanwhile, or not ours to look at: then it is no child of ours.
            return "";
        }
    }

    /** Program and, for Java, what comes after the class path. */
    private static String shortened(String command) {
        if (command.length() <= LONGEST_COMMAND) {
            return command;
        }
        String end = command.substring(command.length() - LONGEST_COMMAND);
        return command.substring(0, command.indexOf(' ')) + " …" + end.substring(end.indexOf(' ') + 1);
    }

    private static Set<String> networks(long pid) {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
            tasks.map(task -> network(task.resolve("ns/net"))).forEach(found::add);
        } catch (IOException e) {
            // The process ended while it was looked at, and its namespaces with it.
            return Set.of();
        }
        found.remove("");
        return found;
    }

    private static String network(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
