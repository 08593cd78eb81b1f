// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.JavaProgram;
import io.fabric8.kubernetes.client.Version;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Java's Fabric8 client: with the HTTP client of the JDK, as Hawser uses it, and with Vert.x, which is its own choice. */
final class FabricClient {
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath";
    private static final Path VERTX = Path.of("src", "test", "vertx", "pom.xml").toAbsolutePath();
    private static final String ONE_MESSAGE =
            "from the pod only; to the pod it sends a message before the last one is written, which "
                    + "the JDK's WebSocket refuses (\"Send pending\"), without a proxy too: 0.5 MB arrived, 2 MB sometimes, 20 MB never";

    private FabricClient() {}

    static Candidate jdk(PeerAccess access) throws IOException {
        Command command = JavaProgram.of(
                        FabricProgram.class.getName(),
                        access.kubeconfig().toString(),
                        access.proxy(),
                        FabricProgram.JDK)
                .flags("-Xmx128m")
                .command();
        Client whole = client(access, command, "the JDK's HTTP client");
        return new Client(whole.name(), whole.how(), whole.features(), Map.of(Feature.CP, ONE_MESSAGE));
    }

    /** Absent where its libraries cannot be had. */
    static Candidate vertx(PeerAccess access) throws IOException {
        Path classPath = access.folder().resolve("vertx.classpath");
        try {
            Tools.run(
                    "mvn",
                    "--batch-mode",
                    "--quiet",
                    "--file",
                    VERTX.toString(),
                    "-Dfabric8.version=" + version(),
                    "-Dmdep.outputFile=" + classPath,
                    PLUGIN);
        } catch (Tools.MissingException e) {
            return new Absence("Fabric8 " + version() + ", Vert.x", String.valueOf(e.getMessage()));
        }
        Command command = Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--class-path",
                programs() + ":" + Files.readString(classPath).strip(),
                FabricProgram.class.getName(),
                access.kubeconfig().toString(),
                access.proxy(),
                FabricProgram.VERTX);
        return client(access, command, "Vert.x");
    }

    private static Client client(PeerAccess access, Command command, String transport) {
        return new ProgramClient(access, command)
                .client("Fabric8 " + version() + ", " + transport, "WebSocket", Map.of());
    }

    private static String version() {
        return Version.clientVersion();
    }

    /** Where these tests' own classes are. */
    private static Path programs() {
        try {
            return Path.of(FabricProgram.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
