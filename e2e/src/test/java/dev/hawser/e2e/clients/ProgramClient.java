// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * A program of ours on somebody's client library: it is started once for each feature, whose name it is given, does it, and
 * ends with 0 after "done: " and what it did.
 */
final class ProgramClient {
    /** Why a library has no cp. */
    static final String NO_CP = "the library has no call for it; kubectl does it by itself, with tar and exec";

    private static final String DONE = "done: ";

    private final PeerAccess access;
    private final Command command;

    /**
     * @param command to which the name of a feature is added
     */
    ProgramClient(PeerAccess access, Command command) {
        this.access = access;
        this.command = command;
    }

    /** The client with all features but those that it has not. */
    Client client(String name, String how, Map<Feature, String> lacks) {
        Map<Feature, Callable<String>> trials = new EnumMap<>(Feature.class);
        for (Feature feature : Feature.values()) {
            if (!lacks.containsKey(feature)) {
                trials.put(feature, () -> run(feature));
            }
        }
        return new Client(name, how, trials, lacks);
    }

    private String run(Feature feature) {
        List<String> words = new ArrayList<>(command.arguments());
        words.add(feature.name().toLowerCase(Locale.ROOT));
        Output output = access.pod().run(Command.of(words).with(command.environment()));
        assertThat(output.exit()).as(output.stderr()).isZero();
        // What a library logs may stand around it.
        return output.stdout()
                .lines()
                .filter(line -> line.startsWith(DONE))
                .map(line -> line.substring(DONE.length()))
                .findFirst()
                .orElseThrow(() -> new AssertionError("ended with 0 and without \"" + DONE + "\": " + output.stderr()));
    }
}
