// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.lab.kubernetes.Kubectl;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** A kubectl that a pod of the other cluster calls with. */
public final class KubectlClient {
    /** How long a watch hears nothing before it has to hear something. */
    static final Duration SHORT_SILENCE = Duration.ofSeconds(2);

    private static final Duration BRIEF_SILENCE = Duration.ofSeconds(10);
    private static final int BRIEF_COPY = 2_000_000;
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int LARGE = 900 * 1024;
    private static final int EXIT = 7;
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final int FIRST_PORT = 21_000;

    private final PeerAccess access;
    private final Kubectl kubectl;
    private final Upgrades upgrades;
    private final Duration silence;
    private final int copied;

    /**
     * @param silence before a watch has to hear of something
     * @param copied bytes of a file that is copied there and back
     */
    KubectlClient(PeerAccess access, Path program, Upgrades upgrades, Duration silence, int copied) throws IOException {
        this.access = access;
        this.kubectl = new Kubectl(access.pod(), program, access.kubeconfig());
        this.upgrades = upgrades;
        this.silence = silence;
        this.copied = copied;
    }

    /** The laboratory's kubectl with little to carry and nothing to wait for long. */
    public static Client brief(PeerAccess access, boolean spdy) throws IOException {
        Upgrades upgrades = spdy ? Upgrades.SPDY : Upgrades.WEBSOCKET;
        return new KubectlClient(access, access.kubectl(), upgrades, BRIEF_SILENCE, BRIEF_COPY)
                .client("kubectl of the lab");
    }

    Client client(String name) {
        return new Client(
                name,
                upgrades.title(),
                Map.of(
                        Feature.GET, this::get,
                        Feature.LOGS, () -> ticks("logs", "-f", PeerAccess.TOOLBOX, "--tail=1"),
                        Feature.EXEC, this::exec,
                        Feature.ATTACH, () -> ticks("attach", PeerAccess.TOOLBOX),
                        Feature.CP, this::copy,
                        Feature.PORT_FORWARD, this::portForward,
                        Feature.WATCH, () -> watch(() -> {}),
                        Feature.APPLY, this::apply),
                Map.of());
    }

    private String get() {
        String cluster = run("get", "configmap", "greeting", "-o", "jsonpath={.data.cluster}");
        assertThat(cluster).isEqualTo(PeerAccess.PEER);
        return cluster;
    }

    private String ticks(String... arguments) {
        try (ChildProcess program = start(arguments)) {
            await().atMost(SOON)
                    .until(() -> program.logTail(100)
                                    .lines()
                                    .filter(line -> line.contains("tick of " + PeerAccess.PEER))
                                    .count()
                            >= 3);
            return "3 lines";
        }
    }

    private String exec() {
        Command command =
                command(Upgrades.VERBOSE, "exec", "-i", PeerAccess.TOOLBOX, "--", "sh", "-c", "cat; exit " + EXIT);
        Output output = access.pod().run(command.reading("hello\n"));
        assertThat(output.stdout()).as(output.stderr()).isEqualTo("hello\n");
        assertThat(output.exit()).isEqualTo(EXIT);
        return upgrades.ofCommand(output.stderr()) + ": input, output, exit code";
    }

    private String copy() throws IOException {
        int number = NUMBER.incrementAndGet();
        byte[] bytes = new byte[copied];
        new Random(number).nextBytes(bytes);
        Path there = Files.write(access.folder().resolve("there-" + number), bytes);
        Path back = access.folder().resolve("back-" + number);
        String remote = PeerAccess.TOOLBOX + ":/tmp/copy-" + number;
        run("cp", there.toString(), remote);
        run("cp", remote, back.toString());
        assertThat(back).hasBinaryContent(bytes);
        return copied / 1_000_000 + " MB there and back";
    }

    private String portForward() {
        int port = FIRST_PORT + NUMBER.incrementAndGet();
        String pod = "pod/" + PeerAccess.TOOLBOX;
        try (ChildProcess program = start(Upgrades.VERBOSE, "port-forward", pod, port + ":8080")) {
            program.awaitLog("Forwarding from 127.0.0.1:" + port, SOON);
            String page = access.pod()
                    .run("curl", "--silent", "--show-error", "--max-time", "10", "http://127.0.0.1:" + port + "/")
                    .stdout();
            assertThat(page).isEqualTo("this is " + PeerAccess.PEER + "\n");
            return upgrades.ofForward(program.logTail(Integer.MAX_VALUE)) + ": a page";
        }
    }

    /**
     * Watches for what it alone is meant to hear of, so that nothing but the end of the silence ends the silence.
     *
     * @param begun is told when the watch stands
     */
    String watch(Runnable begun) {
        String name = "watched-" + NUMBER.incrementAndGet();
        String first = "configmap/" + name;
        String second = first + "-late";
        String label = "watch=" + name;
        access.peer("create", "configmap", name, "-n", PeerAccess.NAMESPACE);
        access.peer("label", first, label, "-n", PeerAccess.NAMESPACE);
        try (ChildProcess program = start("get", "configmaps", "--watch", "--output=name", "--selector=" + label)) {
            program.awaitLog(first, SOON);
            begun.run();
            await().during(silence)
                    .atMost(silence.plus(SOON))
                    .until(() -> program.alive() && program.logTail(2).equals(first));
            access.peer("create", "configmap", name + "-late", "-n", PeerAccess.NAMESPACE);
            access.peer("label", second, label, "-n", PeerAccess.NAMESPACE);
            program.awaitLog(second, SOON);
            assertThat(program.logTail(Integer.MAX_VALUE).lines()).containsExactly(first, second);
            return "an event after " + silence.toSeconds() + " s";
        } finally {
            access.peer("delete", "configmap", name, name + "-late", "-n", PeerAccess.NAMESPACE, "--ignore-not-found");
        }
    }

    private String apply() throws IOException {
        String name = "large-" + NUMBER.incrementAndGet();
        String yaml = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\ndata: {text: \"%s\"}\n"
                .formatted(name, "a".repeat(LARGE));
        Path file = Files.writeString(access.folder().resolve(name + ".yaml"), yaml);
        try {
            run("apply", "--server-side", "-f", file.toString());
            assertThat(run("get", "configmap", name, "-o", "jsonpath={.data.text}"))
                    .hasSize(LARGE);
            return "there and back";
        } finally {
            access.peer("delete", "configmap", name, "-n", PeerAccess.NAMESPACE, "--ignore-not-found");
        }
    }

    private String run(String... arguments) {
        return access.pod().run(command(arguments)).orThrow().stdout();
    }

    private ChildProcess start(String... arguments) {
        return access.pod().start("kubectl-" + NUMBER.incrementAndGet(), command(arguments));
    }

    private Command command(String... arguments) {
        List<String> words = new ArrayList<>(List.of("--namespace=" + PeerAccess.NAMESPACE));
        words.addAll(List.of(arguments));
        return kubectl.command(words.toArray(String[]::new)).with(upgrades.environment());
    }
}
