// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a cluster could change on this machine for good. */
record Machine(List<String> mounts, List<String> groups, Map<String, String> settings, List<String> links) {
    private static final List<String> SETTINGS = List.of(
            "vm/overcommit_memory",
            "vm/panic_on_oom",
            "kernel/panic",
            "kernel/panic_on_oops",
            "kernel/keys/root_maxkeys",
            "kernel/keys/root_maxbytes",
            "kernel/hostname",
            "net/ipv4/ip_forward",
            "net/netfilter/nf_conntrack_max");
    private static final Path GROUPS = Path.of("/sys/fs/cgroup");

    static Machine now() {
        try {
            Map<String, String> settings = new TreeMap<>();
            for (String setting : SETTINGS) {
                Path file = Path.of("/proc/sys").resolve(setting);
                settings.put(
                        setting, Files.exists(file) ? Files.readAllLines(file).getFirst() : "");
            }
            return new Machine(
                    Files.readAllLines(Path.of("/proc/self/mounts")),
                    ourGroups(),
                    settings,
                    NetworkInterface.networkInterfaces()
                            .map(NetworkInterface::getName)
                            .sorted()
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("this machine cannot be looked at", e);
        }
    }

    /** Who is in a control group, in any hierarchy, or was when it was looked at. */
    static List<String> processesOf(String group) {
        try (Stream<Path> files = Files.walk(GROUPS)) {
            return files.filter(file ->
                            file.endsWith("cgroup.procs") && file.toString().contains("/" + group + "/"))
                    .flatMap(Machine::lines)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cgroups cannot be walked", e);
        }
    }

    private static List<String> ourGroups() throws IOException {
        try (Stream<Path> folders =
                Files.find(GROUPS, 2, (path, attributes) -> attributes.isDirectory() && isOurs(path))) {
            return folders.map(Path::toString).sorted().toList();
        }
    }

    /** Whether a group belongs to this JVM or to nobody; other laboratories on this machine come and go. */
    private static boolean isOurs(Path path) {
        Matcher name = Pattern.compile("hawser-lab-(\\d+)-.*")
                .matcher(path.getFileName().toString());
        return name.matches()
                && (Long.parseLong(name.group(1)) == ProcessHandle.current().pid()
                        || ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty());
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.readAllLines(file).stream();
        } catch (IOException e) {
            return Stream.empty();
        }
    }
}
