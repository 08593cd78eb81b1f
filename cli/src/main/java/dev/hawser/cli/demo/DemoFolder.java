// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import dev.hawser.cli.terminal.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The one folder of a demo: its state, logs and kubeconfigs. It exists as long as the demo does.
 *
 * @param path {@code HAWSER_DEMO_DIR}, else /var/tmp/hawser-demo, else the same under the temporary folder
 */
public record DemoFolder(Path path) {
    /** Names the folder, for people. */
    public static final String VARIABLE = "HAWSER_DEMO_DIR";
    /** In the environment of every process that belongs to a demo: its folder. Leftovers are known by it. */
    static final String MARK = "HAWSER_DEMO_OWNER";

    // There are keys of administrators in it.
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    // On a disk: two clusters with their images are too much for what /run or /tmp may be.
    private static final Path USUAL_PARENT = Path.of("/var/tmp");

    /** The folder that the environment asks for. */
    public static DemoFolder ofEnvironment() {
        String asked = System.getenv(VARIABLE);
        if (asked != null && !asked.isBlank()) {
            return new DemoFolder(Path.of(asked).toAbsolutePath());
        }
        Path parent = Files.isWritable(USUAL_PARENT) ? USUAL_PARENT : Path.of(System.getProperty("java.io.tmpdir"));
        return new DemoFolder(parent.resolve("hawser-demo"));
    }

    Path resolve(String name) {
        return path.resolve(name);
    }

    /** Lines that tell how the start goes. */
    Path progress() {
        return path.resolve("progress.log");
    }

    /** What the supervisor itself says when something unforeseen happens. */
    Path supervisorLog() {
        return path.resolve("supervisor.log");
    }

    /** The preflight as it was before the clusters were peered. */
    public Path preflight() {
        return path.resolve("preflight.json");
    }

    /** How the machine looked before the demo. */
    Path before() {
        return path.resolve("before.json");
    }

    /** The state, if a demo was started. */
    Optional<DemoState> state() {
        Path file = path.resolve("state.json");
        try {
            return Files.exists(file)
                    ? Optional.of(Json.read(Files.readString(file), DemoState.class))
                    : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("state of the demo cannot be read: " + file, e);
        }
    }

    /** Whether a demo is up. */
    public boolean running() {
        return state().filter(state -> state.phase() == DemoState.Phase.READY)
                .filter(state -> ProcessHandle.of(state.supervisor()).isPresent())
                .isPresent();
    }

    /** The state of a demo that is up. */
    public DemoState ready() {
        return state().filter(state -> state.phase() == DemoState.Phase.READY)
                .filter(state -> ProcessHandle.of(state.supervisor()).isPresent())
                .orElseThrow(
                        () -> new CliException(ExitCode.USAGE, "no demo is running", "start one: bin/hawser demo up"));
    }

    void write(DemoState state) {
        try {
            // Readers see the old state or the new one, never half of it.
            Path next = path.resolve("state.json.next");
            Files.writeString(next, Json.write(state));
            Files.move(next, path.resolve("state.json"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("state of the demo cannot be written into " + path, e);
        }
    }

    void create() {
        try {
            Files.createDirectories(path, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.USAGE, "folder " + path + " cannot be made", "name another by " + VARIABLE + ".", e);
        }
    }

    /** Removes the folder with everything in it. */
    void delete() {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("folder of the demo cannot be removed: " + path, e);
        }
    }
}
