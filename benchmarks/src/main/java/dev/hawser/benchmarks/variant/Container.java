// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import dev.hawser.image.UnpackedImage;
import dev.hawser.lab.process.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How a program of the image runs, as a container of it: from the image's file system, read-only, with the image's Java
 * runtime, flags and environment.
 *
 * @param image unpacked
 * @param user that it becomes, as {@code chroot --userspec} takes it
 * @param maps where the JVM leaves the names of what it compiled when it ends; it does not if there is none
 */
public record Container(UnpackedImage image, String user, Optional<Path> maps) {
    public static final String JVM_OPTIONS = "JDK_JAVA_OPTIONS";
    /** Where the volume of a container is. */
    static final String RUN = "run/hawser";

    private static final String LEAVE_MAP = "-XX:+UnlockDiagnosticVMOptions -XX:+DumpPerfMapAtExit";
    // A container's root is read-only; the program that is started becomes the last one by exec, so it keeps its id.
    private static final String ENTER = """
            mount --bind "$0" "$0"
            mount -o remount,bind,ro "$0"
            mount -t proc proc "$0/proc"
            mount --rbind /dev "$0/dev"
            if [ -n "$1" ]; then mount --bind "$1" "$0/tmp"; fi
            if [ -n "$2" ]; then mount --bind "$2" "$0/run/hawser"; fi
            user=$3
            shift 3
            exec chroot --userspec="$user" "$0" "$@"
            """;

    /**
     * What starts a program of the image.
     *
     * @param program its name, such as {@code gateway}
     * @param environment on top of the image's own
     * @param volume a folder that outlives the process
     */
    public Command command(String program, Map<String, String> environment, Optional<Path> volume) {
        Map<String, String> all = new TreeMap<>();
        image.config().at("/Env").forEach(each -> {
            String[] variable = each.asText().split("=", 2);
            all.put(variable[0], variable[1]);
        });
        all.putAll(environment);
        if (maps.isPresent()) {
            all.merge(JVM_OPTIONS, LEAVE_MAP, (options, another) -> options + " " + another);
        }
        List<String> words = new ArrayList<>(List.of("unshare", "--mount", "--", "env", "-i"));
        all.forEach((name, value) -> words.add(name + "=" + value));
        words.addAll(List.of("/bin/sh", "-e", "-c", ENTER, image.root().toString()));
        words.add(maps.map(Path::toString).orElse(""));
        words.add(volume.map(Path::toString).orElse(""));
        words.add(user);
        words.addAll(image.entryPoint());
        words.add(program);
        return Command.of(words);
    }
}
