// SPDX-License-Identifier: Apache-2.0
package dev.hawser.entry.app;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hawser.controller.app.ControllerMain;
import dev.hawser.proxy.app.PracticeProxy;
import dev.hawser.proxy.app.ProxyMain;
import dev.hawser.runtime.ProcessMetrics;
import dev.hawser.tunnel.app.PracticeGateway;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run from which the JVM learns what the AOT cache of one program is to hold. Needs no rights and no cluster: the program
 * starts for real in this JVM, against an API server that knows one cluster and one peer, which never answers. Ends the JVM,
 * as the cache is written at its end.
 *
 * <p>Reads {@code HAWSER_PRACTICE_KEYS} (PKCS 12, password {@code practice}) and {@code HAWSER_PRACTICE_CERTIFICATE} (PEM)
 * for the API server's TLS: two files of the build that are in no image.
 */
final class Training {
    private static final Logger LOG = LoggerFactory.getLogger(Training.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final char[] PASSWORD = "practice".toCharArray();
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration ENOUGH = Duration.ofSeconds(6);
    private static final Duration QUIET = Duration.ofMillis(700);

    /** Beside the packages of the program itself. */
    private static final List<String> SHARED = List.of("api", "entry", "ipam", "runtime");

    private Training() {}

    /** Trains the program that the only argument names. */
    static void run(List<String> arguments) {
        int status = 1;
        try {
            status = practise(arguments.getFirst()) ? 0 : 1;
        } catch (Exception e) {
            LOG.error("the training run failed", e);
        }
        // Whatever happened: threads that live on would keep the JVM from its end.
        System.exit(status);
    }

    private static boolean practise(String program) throws Exception {
        PracticeApiServer apiServer = PracticeApiServer.start(tls(), oneClusterWithAPeer());
        System.setProperty("kubernetes.master", apiServer.url());
        System.setProperty(
                "kubernetes.certs.ca.file", file("HAWSER_PRACTICE_CERTIFICATE").toString());
        System.setProperty("kubernetes.auth.token", "practice");
        System.setProperty("kubernetes.auth.tryKubeConfig", "false");
        System.setProperty("kubernetes.auth.tryServiceAccount", "false");
        Thread.Builder thread = Thread.ofPlatform().daemon();
        boolean settled = switch (program) {
            case "gateway" -> {
                loadOwnClasses("tunnel");
                thread.start(PracticeGateway::run);
                boolean quiet = apiServer.awaitQuiet(QUIET, ENOUGH, LIMIT);
                PracticeGateway.startAgain(Path.of(System.getenv("HAWSER_CHECKPOINT")));
                yield quiet;
            }
            case "controller" -> {
                loadOwnClasses("controller");
                thread.start(() -> ControllerMain.main(new String[0]));
                yield apiServer.awaitLeader(LIMIT) && apiServer.awaitQuiet(QUIET, ENOUGH, LIMIT);
            }
            case "proxy" -> {
                loadOwnClasses("proxy");
                thread.start(() -> ProxyMain.main(new String[0]));
                PracticeProxy.run();
                // It asks nobody for anything.
                Thread.sleep(QUIET);
                yield true;
            }
            default -> throw new IllegalArgumentException("nothing is known of a program \"" + program + "\"");
        };
        var registry = ProcessMetrics.registry();
        LOG.info("trained with {} lines of metrics", registry.scrape().lines().count());
        if (!settled) {
            System.err.println(
                    "hawser train: the " + program + " did not come to its work within " + LIMIT.toSeconds() + " s.");
        }
        return settled;
    }

    private static PracticeObjects oneClusterWithAPeer() throws IOException {
        PracticeObjects objects = new PracticeObjects();
        try (DatagramSocket free = new DatagramSocket();
                InputStream stream =
                        Objects.requireNonNull(Training.class.getResourceAsStream("practice-objects.json"))) {
            String port = String.valueOf(free.getLocalPort());
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            JSON.readTree(text.replace("51820", port))
                    .forEach(each -> objects.write(
                            PracticePath.parse(each.path("path").asText()), (ObjectNode) each.path("object"), true));
        }
        return objects;
    }

    private static SSLContext tls() throws IOException, GeneralSecurityException {
        KeyStore keys = KeyStore.getInstance(file("HAWSER_PRACTICE_KEYS").toFile(), PASSWORD);
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static Path file(String variable) throws IOException {
        String name = System.getenv(variable);
        if (name == null || !Files.isReadable(Path.of(name))) {
            throw new IOException(variable + " must name a file for the training run; it is: " + name);
        }
        return Path.of(name);
    }

    private static void loadOwnClasses(String program) throws IOException, URISyntaxException, ClassNotFoundException {
        Path jar = Path.of(Training.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> names;
        try (JarFile file = new JarFile(jar.toFile())) {
            names = file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && isOf(program, name))
                    .filter(name -> !name.endsWith("-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
        for (String name : names) {
            Class.forName(name, false, Training.class.getClassLoader());
        }
        LOG.info("loaded {} classes of ours", names.size());
    }

    private static boolean isOf(String program, String file) {
        return Stream.concat(SHARED.stream(), Stream.of(program))
                .anyMatch(owner -> file.startsWith("dev/hawser/" + owner + "/"));
    }
}
