// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a machine must have before a laboratory can be opened on it. */
public final class Prerequisites {
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_SYS_ADMIN = 21;
    private static final List<String> PROGRAMS = List.of("ip", "nft", "nsenter", "setpriv");

    private Prerequisites() {}

    /** What is missing here and how to get it, as one sentence; nothing if a laboratory can be opened. */
    public static Optional<String> missing() {
        long capabilities = effectiveCapabilities();
        if ((capabilities >> CAP_NET_ADMIN & 1) == 0 || (capabilities >> CAP_SYS_ADMIN & 1) == 0) {
            return Optional.of("network namespaces need CAP_SYS_ADMIN and CAP_NET_ADMIN; run it as root");
        }
        List<String> absent =
                PROGRAMS.stream().filter(program -> !onPath(program)).toList();
        if (!absent.isEmpty()) {
            return Optional.of("programs missing: " + String.join(", ", absent)
                    + "; install the packages iproute2, nftables and util-linux, and have /usr/sbin on PATH");
        }
        return Optional.empty();
    }

    private static boolean onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private static long effectiveCapabilities() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("CapEff:"))
                    .map(line -> line.substring("CapEff:".length()).strip())
                    .mapToLong(hex -> Long.parseUnsignedLong(hex, 16))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            throw new UncheckedIOException("/proc/self/status cannot be read; a laboratory needs Linux with /proc", e);
        }
    }
}
