// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a node runs besides Kubernetes: containerd, runc, CNI plugins, iptables and busybox, out of the system's packages,
 * which are unpacked into a folder of the user's cache and never installed.
 *
 * @param directory holds {@code bin}, {@code cni} and {@code lib}
 */
public record NodePackages(Path directory) {
    private static final KeptScript UNPACK = new KeptScript("node", "unpack.sh", List.of("unpacked.sh"));
    private static final String SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /**
     * Finds the folder, or fetches and unpacks the packages: milliseconds, or half a minute.
     *
     * @param progress is told what takes the time, line by line
     */
    public static NodePackages ensure(Consumer<String> progress) {
        return new NodePackages(UNPACK.run(progress));
    }

    /** A shell with its tools in one static program. */
    public Path busybox() {
        return bin().resolve("busybox");
    }

    Path ctr() {
        return bin().resolve("ctr");
    }

    Path cniPlugins() {
        return directory.resolve("cni");
    }

    /** How programs of the packages find each other, their libraries and what they load. */
    Map<String, String> environment() {
        Path libraries = directory.resolve("lib");
        return Map.of(
                "PATH", bin() + ":" + SYSTEM_PATH,
                "LD_LIBRARY_PATH", libraries.toString(),
                "XTABLES_LIBDIR", libraries.resolve("xtables").toString());
    }

    private Path bin() {
        return directory.resolve("bin");
    }
}
