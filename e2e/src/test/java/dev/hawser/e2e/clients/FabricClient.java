// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.JavaProgram;
import io.fabric8.kubernetes.client.Version;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The Fabric8 client, with the JDK's HTTP client as Hawser uses it, and with Vert.x as it comes. */
final class FabricClient {
    private static final String PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath";
    private static final Path VERTX = Path.of("src", "test", "vertx", "pom.xml").toAbsolutePath();
    private static final Feature[] FEATURES = {
        Feature.GET, Feature.LOGS, Feature.EXEC, Feature.CP, Feature.PORT_FORWARD, Feature.WATCH, Feature.APPLY
    };

    private FabricClient() {}

    static Client jdk(PeerAccess access) throws IOException {
        Command command = JavaProgram.of(
                        FabricProgram.class.getName(), access.kubeconfig().toString(), access.proxy())
                .flags("-Xmx128m")
                .command();
        return client(access, command, "the JDK's HTTP client");
    }

    /** Nothing where its libraries cannot be had; says why. */
    static Optional<Client> vertx(PeerAccess access) throws IOException {
        Path classPath = access.folder().resolve("vertx.classpath");
        Optional<String> reason = Tools.run(List.of(
                "mvn",
                "--batch-mode",
                "--quiet",
                "--file",
                VERTX.toString(),
                "-Dfabric8.version=" + version(),
                "-Dmdep.outputFile=" + classPath,
                PLUGIN));
        if (reason.isPresent()) {
            System.out.println("OUT: Fabric8 with Vert.x is left out: " + reason.get());
            return Optional.empty();
        }
        Command command = Command.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "--class-path",
                programs() + ":" + Files.readString(classPath).strip(),
                FabricProgram.class.getName(),
                access.kubeconfig().toString(),
                access.proxy());
        return Optional.of(client(access, command, "Vert.x"));
    }

    private static Client client(PeerAccess access, Command command, String transport) {
        return new ProgramClient(access, command)
                .client("Fabric8 " + version() + ", " + transport, "WebSocket", FEATURES);
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
