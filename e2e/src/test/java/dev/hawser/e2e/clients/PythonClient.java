// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** Python's kubernetes client, in a virtual environment that pip fills. */
final class PythonClient {
    private static final String PROGRAM = "client.py";

    private PythonClient() {}

    /** Absent where there is no Python, no pip or nothing to be had for it. */
    static Candidate find(PeerAccess access) throws IOException {
        Path environment = access.folder().resolve("python");
        String python = environment.resolve("bin/python").toString();
        String version;
        try {
            Tools.run("python3", "-m", "venv", environment.toString());
            Tools.run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "kubernetes");
            version = Tools.run(python, "-c", "import kubernetes; print(kubernetes.__version__)");
        } catch (Tools.MissingException e) {
            return new Absence("Python kubernetes", String.valueOf(e.getMessage()));
        }
        Path program = access.folder().resolve(PROGRAM);
        try (InputStream source = Objects.requireNonNull(PythonClient.class.getResourceAsStream(PROGRAM), PROGRAM)) {
            Files.write(program, source.readAllBytes());
        }
        Command command =
                Command.of(python, program.toString(), access.kubeconfig().toString());
        return new ProgramClient(access, command)
                .client("Python kubernetes " + version, "WebSocket", Map.of(Feature.CP, ProgramClient.NO_CP));
    }
}
