// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

/**
 * The AOT cache (JEP 514): classes loaded, linked and profiled beforehand, which halves the start of a process.
 *
 * <p>Made with the very jar and runtime that go into the image, and tried before anybody else gets it: a cache that the
 * JVM does not accept, or that speaks for another build, must not leave this machine.
 */
final class ClassCache {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    // Above 32 GB the JVM lays out objects in another way, and a cache made so would be refused in a small container.
    private static final String SMALL_HEAP = "-Xmx256m";
    private static final String UNLOCK = "-XX:+UnlockDiagnosticVMOptions";
    private static final String KEYS = "practice.p12";
    private static final String PROXY = "proxy.yaml";
    private static final String CERTIFICATE = "practice.pem";

    private ClassCache() {}

    /**
     * Trains the caches beside a jar, one for each program and all at the same time.
     *
     * @param home holds the jar and its libraries
     * @param work for files that are needed meanwhile
     */
    static void train(Path javaHome, Path home, Path work) {
        certify(work.resolve(KEYS), work.resolve(CERTIFICATE));
        configure(work.resolve(PROXY));
        List<CompletableFuture<Void>> runs = Layout.PROGRAMS.stream()
                .map(program -> CompletableFuture.runAsync(
                        () -> train(javaHome, home, program, work), Thread::startVirtualThread))
                .toList();
        try {
            runs.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw new ImageException("an AOT cache could not be made: " + e.getMessage(), e);
        }
    }

    private static void train(Path javaHome, Path home, String program, Path work) {
        Path cache = home.resolve(Layout.cache(program));
        List<String> command = Stream.concat(
                        Layout.command(javaHome, home, SMALL_HEAP, "-XX:AOTCacheOutput=" + cache, "-Xlog:aot=error")
                                .stream(),
                        Stream.of("train", program))
                .toList();
        // Everything on the loopback address, with ports that the kernel chooses.
        Map<String, String> environment = Map.of(
                "KUBERNETES_SERVICE_HOST",
                "127.0.0.1",
                "KUBERNETES_SERVICE_PORT",
                "1",
                "HAWSER_PROXY_ADDRESS",
                "127.0.0.1:0",
                "HAWSER_PROXY_CONFIG",
                work.resolve(PROXY).toString(),
                "HAWSER_HEALTH_ADDRESS",
                "127.0.0.1:0",
                "HAWSER_CHECKPOINT",
                work.resolve("checkpoint").toString(),
                "HAWSER_PRACTICE_KEYS",
                work.resolve(KEYS).toString(),
                "HAWSER_PRACTICE_CERTIFICATE",
                work.resolve(CERTIFICATE).toString());
        String output = Program.run("training the AOT cache of the " + program, command, environment, LIMIT);
        if (!Files.exists(cache)) {
            throw new ImageException(
                    "the training run of the " + program + " ended well and left no AOT cache; it said:\n" + output);
        }
    }

    /** A file for the proxy, so that the reading of one is practised. */
    private static void configure(Path file) {
        try {
            Files.writeString(file, """
                    sources:
                      admitted: [10.0.0.0/8, "fd00::/8"]
                      peers: [{clusterID: practice, cidrs: [10.71.0.0/16]}]
                    targets: []
                    limits: {tunnels: 100}
                    drain: {delay: 0s, grace: 0s}
                    """);
        } catch (IOException e) {
            throw new ImageException("the proxy's file for the training run could not be written: " + file, e);
        }
    }

    /** A key pair and a certificate for the API server to practise with. */
    private static void certify(Path keys, Path certificate) {
        String keytool = JavaRuntime.jdk().resolve("bin/keytool").toString();
        List<String> store = List.of("-alias", "practice", "-keystore", keys.toString(), "-storepass", "practice");
        List<String> generate = List.of(
                "-genkeypair",
                "-storetype",
                "PKCS12",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=practice",
                "-ext",
                "san=ip:127.0.0.1");
        List<String> export = List.of("-exportcert", "-rfc", "-file", certificate.toString());
        for (List<String> task : List.of(generate, export)) {
            List<String> command = Stream.of(List.of(keytool), task, store)
                    .flatMap(List::stream)
                    .toList();
            Program.run("making a certificate for the training run", command, Map.of(), LIMIT);
        }
    }

    /** Starts the image's program from each cache and lets it say which build it is. A JVM refuses files it cannot read. */
    static void tryOut(Path javaHome, Path home, String buildId) {
        String directives = "-XX:CompilerDirectivesFile=" + home.resolve(Layout.COMPILER);
        String thresholds = "-XX:CompileCommandFile=" + home.resolve(Layout.THRESHOLDS);
        for (String program : Layout.PROGRAMS) {
            String flag = "-XX:AOTCache=" + home.resolve(Layout.cache(program));
            // With "on" the JVM ends when it cannot use the cache, instead of going on without.
            List<String> command = Stream.concat(
                            Layout.command(
                                    javaHome, home, SMALL_HEAP, flag, "-XX:AOTMode=on", UNLOCK, directives, thresholds)
                                    .stream(),
                            Stream.of("version"))
                    .toList();
            String answer = Program.run("trying the AOT cache of the " + program, command, Map.of(), LIMIT);
            if (!answer.strip().endsWith(" build " + buildId)) {
                throw new ImageException("what was started from the AOT cache of the " + program + " is not build "
                        + buildId + ": " + answer);
            }
        }
    }
}
