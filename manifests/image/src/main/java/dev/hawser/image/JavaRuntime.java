// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The Java runtime of the image: the modules that our programs and libraries use, linked from the JDK that runs this. It trusts
 * no public authority. Whom a connection trusts is in the pod's account or in a Peering; the Kubernetes client would trust the
 * JDK's 150 authorities as well, and hold them in the memory of every process.
 */
final class JavaRuntime {
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Where a Java runtime has the authorities that it trusts. */
    static final String TRUSTED = "lib/security/cacerts";

    private static final List<String> OPTIONS = List.of(
            "--add-modules",
            String.join(
                    ",",
                    "java.logging",
                    "java.management",
                    "java.naming",
                    "java.net.http",
                    // Jackson asks for its types, Logback's set-up names it.
                    "java.sql",
                    "java.xml",
                    "jdk.httpserver",
                    // Micrometer's memory and CPU gauges.
                    "jdk.management",
                    "jdk.net",
                    // A recording of a misbehaving process.
                    "jdk.jfr",
                    // Netty.
                    "jdk.unsupported"),
            // The JDK's own line numbers; ours stay.
            "--strip-java-debug-attributes",
            "--no-header-files",
            "--no-man-pages");

    private JavaRuntime() {}

    /** The JDK that this JVM belongs to. */
    static Path jdk() {
        return Path.of(System.getProperty("java.home"));
    }

    /** What the runtime depends on: the JDK's build and our choice. */
    static String fingerprint() {
        Path jdk = jdk();
        try {
            return new Fingerprint()
                    .add("release", jdk.resolve("release"))
                    .add("modules", String.valueOf(Files.size(jdk.resolve("lib/modules"))))
                    .add("options", String.join(" ", OPTIONS))
                    .add("trusts", "nobody")
                    .text();
        } catch (IOException e) {
            throw new ImageException("cannot look at the JDK in " + jdk + ": " + e.getMessage(), e);
        }
    }

    /** Links the runtime into a folder that does not exist yet. */
    static void link(Path target) {
        Path jlink = jdk().resolve("bin/jlink");
        if (!Files.isExecutable(jlink)) {
            throw new ImageException(jlink + " is missing; run with a JDK, not with a Java runtime");
        }
        List<String> command = new ArrayList<>();
        command.add(jlink.toString());
        command.addAll(OPTIONS);
        command.add("--output");
        command.add(target.toString());
        Program.run("linking a Java runtime", command, Map.of(), LIMIT);
        trustNobody(target.resolve(TRUSTED));
    }

    private static void trustNobody(Path trusted) {
        try (OutputStream file = Files.newOutputStream(trusted)) {
            // This type is read at once: the other one's password is hashed ten thousand times.
            KeyStore empty = KeyStore.getInstance("JKS");
            empty.load(null, null);
            empty.store(file, "changeit".toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw new ImageException("cannot write " + trusted + ": " + e.getMessage(), e);
        }
    }

    /** The files of a linked runtime. */
    static List<ImageFile> files(Path runtime) {
        try (Stream<Path> files = Files.walk(runtime)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> new ImageFile(
                            file, Layout.JAVA_HOME + "/" + runtime.relativize(file), Files.isExecutable(file)))
                    .toList();
        } catch (IOException e) {
            throw new ImageException("cannot list " + runtime + ": " + e.getMessage(), e);
        }
    }
}
