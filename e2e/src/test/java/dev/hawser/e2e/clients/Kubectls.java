// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The kubectls of this machine, one for each minor version: the laboratory's, those on the PATH, and those that lie beside them
 * as {@code kubectl.1.32}, which is how one package brings several.
 */
final class Kubectls {
    private static final Pattern VERSION = Pattern.compile("v(1\\.(\\d+)\\.\\d+)");
    private static final int FIRST_WITH_WEBSOCKETS_FOR_COMMANDS = 29;
    private static final int FIRST_WITH_WEBSOCKETS = 30;
    private static final int FIRST_THAT_PREFERS_WEBSOCKETS = 31;

    /**
     * One of them.
     *
     * @param version such as 1.35.4
     * @param minor such as 35
     */
    record Found(Path program, String version, int minor) {
        /** What it does by itself, and whatever else it can be asked for. */
        List<Upgrades> ways() {
            if (minor >= FIRST_THAT_PREFERS_WEBSOCKETS) {
                return List.of(Upgrades.AS_IT_LIKES, Upgrades.SPDY);
            }
            if (minor >= FIRST_WITH_WEBSOCKETS) {
                return List.of(Upgrades.AS_IT_LIKES, Upgrades.WEBSOCKET, Upgrades.SPDY);
            }
            return minor >= FIRST_WITH_WEBSOCKETS_FOR_COMMANDS
                    ? List.of(Upgrades.AS_IT_LIKES, Upgrades.WEBSOCKET_BUT_FORWARDS)
                    : List.of(Upgrades.AS_IT_LIKES);
        }
    }

    private Kubectls() {}

    static List<Found> find(PeerAccess access) throws IOException {
        TreeMap<Integer, Found> byMinor = new TreeMap<>();
        for (Path program : candidates(access)) {
            String said =
                    access.pod().run(program.toString(), "version", "--client").stdout();
            Matcher version = VERSION.matcher(said);
            if (version.find()) {
                int minor = Integer.parseInt(version.group(2));
                byMinor.putIfAbsent(minor, new Found(program, version.group(1), minor));
            }
        }
        return List.copyOf(byMinor.descendingMap().values());
    }

    private static List<Path> candidates(PeerAccess access) throws IOException {
        List<Path> programs = new ArrayList<>(List.of(access.kubectl()));
        for (String folder : String.valueOf(System.getenv("PATH")).split(File.pathSeparator, -1)) {
            Path program = Path.of(folder, "kubectl");
            if (Files.isExecutable(program)) {
                try (Stream<Path> beside = Files.list(program.toRealPath().resolveSibling(""))) {
                    beside.filter(file -> file.getFileName().toString().matches("kubectl\\.1\\.\\d+"))
                            .sorted()
                            .forEach(programs::add);
                }
                // A kubectl that comes with several is only the one that chooses among them.
                programs.add(program);
            }
        }
        return programs;
    }
}
