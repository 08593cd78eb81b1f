// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.cli.terminal.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a demo could leave behind on a machine, before or after it.
 *
 * <p>Links, routes, rules, mounts and kernel settings are those that the command sees. Namespaces, processes and control
 * groups come and go with everything else that runs here, so of those the ones count that a demo has marked: by {@link
 * DemoFolder#MARK} in the environment, by its supervisor's process id in the name of the group.
 *
 * @param things sorted lines by what they are
 */
record Snapshot(Map<String, List<String>> things) {
    // proc(5): id, parent, major:minor, root, mount point. The ids say nothing to anybody.
    private static final Pattern MOUNT_POINT = Pattern.compile("^(?:\\S+ ){4}(\\S+)");

    Snapshot {
        Map<String, List<String>> copy = new TreeMap<>();
        things.forEach((what, lines) -> copy.put(what, List.copyOf(lines)));
        things = Map.copyOf(copy);
    }

    /** Looks at the machine now. */
    static Snapshot take(DemoFolder folder) {
        Map<String, List<String>> things = new TreeMap<>();
        things.put("links", lines("ip", "-o", "link", "show"));
        things.put("addresses", lines("ip", "-o", "address", "show"));
        things.put("routes", lines("ip", "route", "show", "table", "all"));
        things.put("IPv6 routes", lines("ip", "-6", "route", "show", "table", "all"));
        things.put("nft rules", lines("nft", "list", "ruleset"));
        things.put("named namespaces", lines("ip", "netns", "list"));
        things.put("mounts", mounts());
        things.put("kernel settings", KernelSettings.lines());
        Marked marked = Marked.find(folder);
        things.put("processes of the demo", marked.processes());
        things.put("namespaces of the demo", marked.namespaces());
        things.put("control groups of the demo", marked.groups());
        return new Snapshot(things);
    }

    static Snapshot read(Path file) throws IOException {
        return Json.read(Files.readString(file), Snapshot.class);
    }

    void write(Path file) {
        try {
            Files.writeString(file, Json.write(this));
        } catch (IOException e) {
            throw new UncheckedIOException("snapshot cannot be written: " + file, e);
        }
    }

    /** What is here and was not there before, as lines for people. */
    List<String> beyond(Snapshot before) {
        List<String> left = new ArrayList<>();
        things.forEach((what, lines) -> {
            Set<String> known = Set.copyOf(before.things.getOrDefault(what, List.of()));
            lines.stream().filter(line -> !known.contains(line)).forEach(line -> left.add(what + ": " + line));
        });
        before.things.forEach((what, lines) -> {
            Set<String> still = Set.copyOf(things.getOrDefault(what, List.of()));
            lines.stream().filter(line -> !still.contains(line)).forEach(line -> left.add(what + ", gone: " + line));
        });
        return left.stream().sorted().toList();
    }

    /** How many of each there are, for people. */
    String counts() {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(things)
                .forEach((what, lines) -> text.append(text.isEmpty() ? "" : ", ")
                        .append(lines.size())
                        .append(' ')
                        .append(what));
        return text.toString();
    }

    private static List<String> lines(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            // Lifetimes and statistics of addresses tick by themselves.
            return output.lines()
                    .map(line -> line.replaceAll("(valid_lft|preferred_lft|expires) \\S+", "")
                            .replaceAll("packets \\d+ bytes \\d+", "")
                            .strip())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("`" + String.join(" ", command) + "` cannot be run", e);
        }
    }

    private static List<String> mounts() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
            return lines.map(MOUNT_POINT::matcher)
                    .filter(Matcher::find)
                    .map(line -> line.group(1))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("mounts cannot be read", e);
        }
    }
}
