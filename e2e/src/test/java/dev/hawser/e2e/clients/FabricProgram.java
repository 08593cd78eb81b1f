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
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A process on the Fabric8 client. Arguments: kubeconfig, URL of the proxy, HTTP client, feature. Ends with "done: " and what it
 * did, or with what was wrong.
 */
public final class FabricProgram {
    /** The HTTP clients, by the last name of their packages. */
    static final String JDK = "jdkhttp";

    static final String VERTX = "vertx";

    private static final long SECONDS = 20;
    private static final int LARGE = 900 * 1024;
    private static final int COPIED = 2_000_000;
    private static final String REMOTE = "/tmp/by-fabric";
    private static final int EXIT = 7;

    private final KubernetesClient client;
    private final String transport;

    private FabricProgram(KubernetesClient client, String transport) {
        this.client = client;
        this.transport = transport;
        String used = client.getHttpClient().getClass().getPackageName();
        require(used.endsWith("." + transport), "HTTP client " + used);
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
            System.out.println("done: " + new FabricProgram(client, arguments[2]).run(arguments[3]));
        }
        System.exit(0);
    }

    private String run(String feature) throws Exception {
        return switch (feature) {
            case "get" -> get();
            case "logs" -> logs();
            case "exec" -> exec();
            case "attach" -> attach();
            case "cp" -> copy();
            case "port_forward" -> portForward();
            case "watch" -> watch();
            case "apply" -> apply();
            default -> throw new IllegalArgumentException("no feature is called " + feature);
        };
    }

    private PodResource toolbox() {
        return client.pods().withName(PeerAccess.TOOLBOX);
    }

    private String get() {
        String cluster =
                client.configMaps().withName("greeting").get().getData().get("cluster");
        require(PeerAccess.PEER.equals(cluster), "greeting of " + cluster);
        return PeerAccess.PEER;
    }

    private String logs() throws Exception {
        try (LogWatch log = toolbox().tailingLines(1).watchLog()) {
            return ticks(log.getOutput());
        }
    }

    private String attach() throws Exception {
        try (ExecWatch program = toolbox().redirectingOutput().attach()) {
            return ticks(program.getOutput());
        }
    }

    private static String ticks(InputStream output) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(output, StandardCharsets.UTF_8));
        for (int i = 0; i < 3; i++) {
            require(String.valueOf(lines.readLine()).contains("tick of " + PeerAccess.PEER), "line " + i);
        }
        return "3 lines";
    }

    private String exec() throws Exception {
        String script = "read line; echo $line; exit " + EXIT;
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (ExecWatch program =
                toolbox().redirectingInput().writingOutput(output).exec("sh", "-c", script)) {
            program.getInput().write("hello\n".getBytes(StandardCharsets.UTF_8));
            program.getInput().flush();
            require(program.exitCode().get(SECONDS, TimeUnit.SECONDS) == EXIT, "exit code");
            require(output.toString(StandardCharsets.UTF_8).equals("hello\n"), "output");
        }
        return "input, output, exit code";
    }

    /** With the JDK's HTTP client, it can copy only from a pod (FabricClient says why). */
    private String copy() throws Exception {
        boolean both = transport.equals(VERTX);
        Path there = Files.createTempFile("hawser", ".there");
        Path back = Files.createTempFile("hawser", ".back");
        if (both) {
            byte[] bytes = new byte[COPIED];
            new Random(1).nextBytes(bytes);
            require(toolbox().file(REMOTE).upload(Files.write(there, bytes)), "upload");
        } else {
            shell("head -c " + COPIED + " /dev/urandom >" + REMOTE);
        }
        require(toolbox().file(REMOTE).copy(back), "download");
        require(Files.size(back) == COPIED, "length");
        require(shell("sha256sum <" + REMOTE).startsWith(digest(back)), "equal files");
        require(!both || Files.mismatch(there, back) < 0, "equal files");
        Files.delete(there);
        Files.delete(back);
        return COPIED / 1_000_000 + " MB " + (both ? "there and back" : "from there only");
    }

    private String shell(String script) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        try (ExecWatch program = toolbox().writingOutput(output).exec("sh", "-c", script)) {
            require(program.exitCode().get(SECONDS, TimeUnit.SECONDS) == 0, script);
        }
        return output.toString(StandardCharsets.UTF_8);
    }

    private static String digest(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    private String portForward() throws Exception {
        try (LocalPortForward forward = toolbox().portForward(8080);
                var page = URI.create("http://127.0.0.1:" + forward.getLocalPort() + "/")
                        .toURL()
                        .openStream()) {
            String text = new String(page.readAllBytes(), StandardCharsets.UTF_8);
            require(text.equals("this is " + PeerAccess.PEER + "\n"), "page " + text);
        }
        return "a page";
    }

    private String watch() throws Exception {
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
        return "an event";
    }

    private String apply() {
        String name = "large-by-fabric";
        try {
            client.configMaps().resource(map(name, "a".repeat(LARGE))).serverSideApply();
            String back = client.configMaps().withName(name).get().getData().get("text");
            require("a".repeat(LARGE).equals(back), "length");
        } finally {
            client.configMaps().withName(name).delete();
        }
        return "there and back";
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
