// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The processes of pods as this machine's kernel sees them, whatever a kubelet or an API server says of them.
 *
 * <p>kubelet puts each container into a control group named after the pod's uid and the container's id.
 */
final class Containers {
    private static final Pattern GROUP = Pattern.compile("pod([0-9a-f-]{36})/([0-9a-f]{64})");
    private static final Pattern INNERMOST = Pattern.compile("^NSpid:.*\\t1$", Pattern.MULTILINE);

    private Containers() {}

    /** Process ids of the main processes of a pod's containers that run now, by container id; the sandbox is one. */
    static Map<String, Long> of(String podUid) {
        Map<String, Long> found = new TreeMap<>();
        ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .forEach(pid -> group(pid)
                        .filter(group -> group.group(1).equals(podUid))
                        .filter(group -> firstOfItsNamespace(pid))
                        .ifPresent(group -> found.put(group.group(2), pid)));
        return found;
    }

    private static Optional<Matcher> group(long pid) {
        Matcher matcher = GROUP.matcher(read(pid, "cgroup"));
        return matcher.find() ? Optional.of(matcher) : Optional.empty();
    }

    private static boolean firstOfItsNamespace(long pid) {
        return INNERMOST.matcher(read(pid, "status")).find();
    }

    private static String read(long pid, String file) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(pid), file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            // It ended while we looked.
            return "";
        }
    }
}
