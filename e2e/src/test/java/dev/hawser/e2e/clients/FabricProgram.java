// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.ExecWatch;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A process on the Fabric8 client. Arguments: kubeconfig, URL of the proxy, feature. Ends with "done", or with what was wrong.
 */
public final class FabricProgram {
    private static final long SECONDS = 20;
    private static final int LARGE = 900 * 1024;
    private static final int COPIED = 2_000_000;

    private final KubernetesClient client;

    private FabricProgram(KubernetesClient client) {
        this.client = client;
    }

    public static void main(String[] arguments) throws Exception {
        Config config = Config.fromKubeconfig(Files.readString(Path.of(arguments[0])));
        // It reads proxy-url, but only for servers without TLS.
        Config through = new ConfigBuilder(config)
                .withHttpsProxy(arguments[1])
                .withNamespace(PeerAccess.NAMESPACE)
                .build();
        try (KubernetesClient client =
                new KubernetesClientBuilder().withConfig(through).build()) {
            new FabricProgram(client).run(arguments[2]);
        }
        System.out.println("done");
        System.exit(0);
    }

    private void run(String feature) throws Exception {
        switch (feature) {
            case "get" ->
                require(
                        client.configMaps().withName("greeting").get().getData().containsValue(PeerAccess.PEER),
                        feature);
            case "logs" -> logs();
            case "exec" -> exec();
            case "cp" -> copy();
            case "port_forward" -> portForward();
            case "watch" -> watch();
            case "apply" -> apply();
            default -> throw new IllegalArgumentException("no feature is called " + feature);
        }
    }

    private PodResource toolbox() {
        return client.pods().withName(PeerAccess.TOOLBOX);
    }

    private void logs() throws Exception {
        try (LogWatch log = toolbox().tailingLines(1).watchLog();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(log.getOutput(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < 3; i++) {
                require(String.valueOf(lines.readLine()).contains("tick of " + PeerAccess.PEER), "line " + i);
            }
        }
    }

    private void exec() throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (ExecWatch program = toolbox().writingOutput(output).exec("sh", "-c", "echo hello; exit 7")) {
            require(program.exitCode().get(SECONDS, TimeUnit.SECONDS) == 7, "exit code");
            require(output.toString(StandardCharsets.UTF_8).equals("hello\n"), "output");
        }
    }

    private void copy() throws Exception {
        byte[] bytes = new byte[COPIED];
        new Random(1).nextBytes(bytes);
        Path there = Files.write(Files.createTempFile("hawser", ".there"), bytes);
        Path back = Files.createTempFile("hawser", ".back");
        require(toolbox().file("/tmp/by-fabric").upload(there), "upload");
        require(toolbox().file("/tmp/by-fabric").copy(back), "download");
        require(Files.mismatch(there, back) < 0, "equal files");
        Files.delete(there);
        Files.delete(back);
    }

    private void portForward() throws Exception {
        try (LocalPortForward forward = toolbox().portForward(8080);
                var page = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/")
                        .toURL()
                        .openStream()) {
            require(
                    new String(page.readAllBytes(), StandardCharsets.UTF_8).contains("this is " + PeerAccess.PEER),
                    "page");
        }
    }

    private void watch() throws Exception {
        String name = "watched-by-fabric";
        CountDownLatch seen = new CountDownLatch(1);
        Watcher<ConfigMap> watcher = new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                if (map.getMetadata().getName().equals(name)) {
                    seen.countDown();
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                // What was not seen until then is told by the latch.
            }
        };
        try (Watch watch = client.configMaps().watch(watcher)) {
            client.configMaps().resource(map(name, "a")).create();
            require(seen.await(SECONDS, TimeUnit.SECONDS), "event of " + watch);
        } finally {
            client.configMaps().withName(name).delete();
        }
    }

    private void apply() {
        String name = "large-by-fabric";
        try {
            client.configMaps().resource(map(name, "a".repeat(LARGE))).serverSideApply();
            String back = client.configMaps().withName(name).get().getData().get("text");
            require("a".repeat(LARGE).equals(back), "length");
        } finally {
            client.configMaps().withName(name).delete();
        }
    }

    private static ConfigMap map(String name, String text) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addToData("text", text)
                .build();
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new IllegalStateException("not as it should be: " + what);
        }
    }
}
