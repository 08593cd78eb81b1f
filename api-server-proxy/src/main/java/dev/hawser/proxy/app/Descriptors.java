// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many tunnels the process has descriptors for. A part is kept for everything else: without it a proxy full of tunnels
 * could not even say that it is well, and would be killed for that.
 */
final class Descriptors {
    private static final Path LIMITS = Path.of("/proc/self/limits");
    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d+|unlimited)\\s.*");
    // A client's socket and its target's.
    private static final int PER_TUNNEL = 2;
    // Jars, epoll, the health server's connections, and clients that are told why they got no place (256).
    private static final int RESERVED = 512;
    private static final int UNLIMITED = 1 << 20;

    private Descriptors() {}

    /** Tunnels that fit the limit of this process, or as many as one likes where there is none to be seen. */
    static int tunnels() {
        try {
            return tunnels(Files.readAllLines(LIMITS));
        } catch (IOException notLinux) {
            return UNLIMITED;
        }
    }

    static int tunnels(List<String> limits) {
        for (String line : limits) {
            Matcher matcher = OPEN_FILES.matcher(line);
            if (matcher.matches() && !matcher.group(1).equals("unlimited")) {
                long files = Math.min(UNLIMITED * (long) PER_TUNNEL, Long.parseLong(matcher.group(1)));
                long left = Math.max(files / 2, files - RESERVED);
                return (int) Math.max(1, left / PER_TUNNEL);
            }
        }
        return UNLIMITED;
    }
}
