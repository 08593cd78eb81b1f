// SPDX-License-Identifier: Apache-2.0
package dev.hawser.entry.app;

import dev.hawser.controller.app.ControllerMain;
import dev.hawser.proxy.app.ProxyMain;
import dev.hawser.runtime.ProcessMetrics;
import dev.hawser.tunnel.crypto.provider.AeadProviders;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.jar.JarFile;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run from which the JVM learns what the AOT cache is to hold. Needs no rights and no cluster: controller and proxy
 * start for real, against an API server that knows nothing; of the gateway, whose device only root may open, the cipher is
 * chosen and every class is loaded. Ends the JVM, as the cache is written at its end.
 */
final class Training {
    private static final Logger LOG = LoggerFactory.getLogger(Training.class);
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration QUIET = Duration.ofMillis(700);

    private Training() {}

    static void run() {
        int status = 1;
        try {
            status = practise() ? 0 : 1;
        } catch (Exception e) {
            LOG.error("the training run failed", e);
        }
        // Whatever happened: threads that live on would keep the JVM from its end.
        System.exit(status);
    }

    private static boolean practise() throws Exception {
        PracticeApiServer apiServer = PracticeApiServer.start();
        System.setProperty("kubernetes.master", apiServer.url());
        System.setProperty("kubernetes.auth.tryKubeConfig", "false");
        System.setProperty("kubernetes.auth.tryServiceAccount", "false");
        int classes = loadOwnClasses();
        // A process in a cluster speaks TLS, this one does not.
        SSLContext.getDefault().createSSLEngine();
        AeadProviders.choose(AeadProviders.AUTO);
        Thread.ofPlatform().daemon().start(() -> ProxyMain.main(new String[0]));
        Thread.ofPlatform().daemon().start(() -> ControllerMain.main(new String[0]));
        boolean settled = apiServer.awaitQuiet(QUIET, LIMIT);
        var registry = ProcessMetrics.registry();
        LOG.info(
                "trained with {} classes of ours, {} lines of metrics",
                classes,
                registry.scrape().lines().count());
        if (!settled) {
            System.err.println("hawser train: the controller did not settle within " + LIMIT.toSeconds() + " s.");
        }
        return settled;
    }

    private static int loadOwnClasses() throws IOException, URISyntaxException, ClassNotFoundException {
        Path jar = Path.of(Training.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        List<String> names;
        try (JarFile file = new JarFile(jar.toFile())) {
            names = file.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.startsWith("dev/hawser/") && name.endsWith(".class"))
                    .filter(name -> !name.endsWith("-info.class"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
        for (String name : names) {
            Class.forName(name, false, Training.class.getClassLoader());
        }
        return names.size();
    }
}
