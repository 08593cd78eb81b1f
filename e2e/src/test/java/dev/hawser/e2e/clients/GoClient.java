// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Go's client-go, in the version that the laboratory's Kubernetes is built with. */
final class GoClient {
    private static final Path KUBEBOX =
            Path.of("..", "lab", "kubebox").toAbsolutePath().normalize();
    private static final Path SOURCE = Path.of("src", "test", "go", "client.go").toAbsolutePath();

    private GoClient() {}

    /** The client with each protocol; absent where it cannot be built. */
    static List<Candidate> find(PeerAccess access) throws IOException {
        Path program = access.folder().resolve("client-go");
        String version;
        try {
            String go = run(KUBEBOX.resolve("build.sh").toString(), "--go");
            version = run(go, "list", "-m", "-f", "{{.Version}}", "k8s.io/client-go");
            run(go, "build", "-o", program.toString(), SOURCE.toString());
        } catch (Tools.MissingException e) {
            return List.of(new Absence("client-go", String.valueOf(e.getMessage())));
        }
        List<Candidate> clients = new ArrayList<>();
        for (String protocol : List.of("WebSocket", "SPDY")) {
            Command command = Command.of(program.toString(), access.kubeconfig().toString(), protocol);
            clients.add(new ProgramClient(access, command)
                    .client("client-go " + version, protocol, Map.of(Feature.CP, ProgramClient.NO_CP)));
        }
        return clients;
    }

    /** Runs a program in the folder of the module. */
    private static String run(String... command) throws IOException {
        return Tools.run(
                KUBEBOX, Map.of("CGO_ENABLED", "0", "GOWORK", "off", "GOFLAGS", "-mod=readonly"), List.of(command));
    }
}
