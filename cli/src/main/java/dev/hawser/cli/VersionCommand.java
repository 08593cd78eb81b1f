// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli;

import dev.hawser.cli.terminal.Json;
import dev.hawser.cli.terminal.OutputFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hawser version}. */
@Command(name = "version", description = "Print the version of this program and of the Java that runs it.")
final class VersionCommand implements Callable<Integer> {
    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}")
    private OutputFormat output = OutputFormat.table;

    @Override
    public Integer call() {
        String java = System.getProperty("java.vm.name") + " " + Runtime.version();
        var out = System.out;
        switch (output) {
            case table -> out.println("hawser " + version() + " (" + java + ")");
            case json -> out.println(Json.write(new TreeMap<>(Map.of("version", version(), "java", java))));
        }
        return 0;
    }

    /** The version in the manifest of our jar; classes run from a build folder have none. */
    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
