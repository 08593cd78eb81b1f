// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The settings of this machine's kernel that a kubelet, a kube-proxy or a gateway might change for everybody. */
final class KernelSettings {
    private static final Path ROOT = Path.of("/proc/sys");
    private static final int DEEPEST = 4;
    private static final List<Predicate<String>> WATCHED = List.of(
            name -> name.startsWith("vm/"),
            name -> name.startsWith("kernel/panic"),
            name -> name.startsWith("kernel/keys/"),
            name -> name.startsWith("net/netfilter/nf_conntrack_") && !name.endsWith("_count"),
            name -> name.startsWith("net/ipv4/ip_forward"),
            name -> name.startsWith("net/ipv4/conf/"),
            name -> name.startsWith("net/ipv6/conf/"),
            name -> name.startsWith("fs/inotify/"));

    private KernelSettings() {}

    /** Name and value of each, sorted. */
    static List<String> lines() {
        return Stream.of("vm", "kernel", "net/netfilter", "net/ipv4", "net/ipv6", "fs/inotify")
                .map(ROOT::resolve)
                .filter(Files::isDirectory)
                .flatMap(KernelSettings::files)
                .map(file -> ROOT.relativize(file).toString())
                .filter(name -> WATCHED.stream().anyMatch(watched -> watched.test(name)))
                .map(name -> name + " = " + value(ROOT.resolve(name)))
                .sorted()
                .toList();
    }

    private static Stream<Path> files(Path folder) {
        try (Stream<Path> files = Files.find(folder, DEEPEST, (path, attributes) -> attributes.isRegularFile())) {
            return files.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("kernel settings cannot be listed: " + folder, e);
        }
    }

    private static String value(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (IOException e) {
            // Some can only be written.
            return "?";
        }
    }
}
