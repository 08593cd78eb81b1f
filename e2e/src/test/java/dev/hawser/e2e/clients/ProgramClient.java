// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * A program of ours on somebody's client library: it is started once for each feature, whose name it is given, does it, and
 * ends with 0 after the word "done".
 */
final class ProgramClient {
    private final PeerAccess access;
    private final Command command;

    /**
     * @param command to which the name of a feature is added
     */
    ProgramClient(PeerAccess access, Command command) {
        this.access = access;
        this.command = command;
    }

    Client client(String name, String how, Feature... features) {
        Map<Feature, Callable<String>> trials = new EnumMap<>(Feature.class);
        for (Feature feature : features) {
            trials.put(feature, () -> run(feature));
        }
        return new Client(name, how, trials);
    }

    private String run(Feature feature) {
        Command whole = new Command(
                Stream.concat(
                                command.arguments().stream(),
                                List.of(feature.name().toLowerCase(Locale.ROOT)).stream())
                        .toList(),
                command.environment(),
                command.directory(),
                command.log(),
                command.input());
        Output output = access.pod().run(whole);
        assertThat(output.stdout() + output.stderr()).contains("done");
        assertThat(output.exit()).as(output.stderr()).isZero();
        return "done";
    }
}
