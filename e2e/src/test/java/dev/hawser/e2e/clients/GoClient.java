// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Go's client-go, in the version that the laboratory's Kubernetes is built with. */
final class GoClient {
    private static final Path KUBEBOX =
            Path.of("..", "lab", "kubebox").toAbsolutePath().normalize();
    private static final Path SOURCE = Path.of("src", "test", "go", "client.go").toAbsolutePath();
    private static final long MINUTES = 5;

    private GoClient() {}

    /** The client, or nothing where it cannot be built; says why. */
    static Optional<Client> find(PeerAccess access) throws IOException {
        Path program = access.folder().resolve("client-go");
        try {
            String go = run(List.of(KUBEBOX.resolve("build.sh").toString(), "--go"));
            String version = run(List.of(go, "list", "-m", "-f", "{{.Version}}", "k8s.io/client-go"));
            run(List.of(go, "build", "-o", program.toString(), SOURCE.toString()));
            Command command = Command.of(program.toString(), access.kubeconfig().toString());
            return Optional.of(new ProgramClient(access, command)
                    .client(
                            "client-go " + version,
                            "WebSocket",
                            Feature.GET,
                            Feature.LOGS,
                            Feature.EXEC,
                            Feature.WATCH,
                            Feature.APPLY));
        } catch (IllegalStateException e) {
            System.out.println("OUT: client-go is left out: " + e.getMessage());
            return Optional.empty();
        }
    }

    /** Runs a program in the folder of the module; what it said last. */
    private static String run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(KUBEBOX.toFile());
        builder.environment().putAll(Map.of("CGO_ENABLED", "0", "GOWORK", "off", "GOFLAGS", "-mod=readonly"));
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new IllegalStateException(command + " fails: " + said);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        return said.lines().reduce("", (first, last) -> last);
    }
}
