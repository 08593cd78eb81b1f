// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Python's kubernetes client, in a virtual environment that pip fills. */
final class PythonClient {
    private static final String PROGRAM = "client.py";

    private PythonClient() {}

    /** The client, or nothing where there is no Python, no pip or nothing to be had for it; says why. */
    static Optional<Client> find(PeerAccess access) throws IOException {
        Path environment = access.folder().resolve("python");
        Optional<String> reason = Tools.run(List.of("python3", "-m", "venv", environment.toString()))
                .or(() -> Tools.run(List.of(
                        environment.resolve("bin/pip").toString(),
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                        "kubernetes")));
        if (reason.isPresent()) {
            System.out.println("OUT: Python's client is left out: " + reason.get());
            return Optional.empty();
        }
        Path program = access.folder().resolve(PROGRAM);
        try (InputStream source = Objects.requireNonNull(PythonClient.class.getResourceAsStream(PROGRAM), PROGRAM)) {
            Files.write(program, source.readAllBytes());
        }
        String python = environment.resolve("bin/python").toString();
        String version = access.pod()
                .run(python, "-c", "import kubernetes; print(kubernetes.__version__)")
                .stdout()
                .strip();
        ProgramClient client = new ProgramClient(
                access,
                Command.of(python, program.toString(), access.kubeconfig().toString()));
        return Optional.of(client.client(
                "Python kubernetes " + version,
                "WebSocket",
                Feature.GET,
                Feature.LOGS,
                Feature.EXEC,
                Feature.PORT_FORWARD,
                Feature.WATCH,
                Feature.APPLY));
    }
}
