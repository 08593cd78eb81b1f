// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.cli.demo.KubeconfigFile;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Output;
import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** The kubectl of a pod does with the other cluster whatever kubectl does: short answers, streams, upgrades, bulk. */
final class VerbChecks {
    private static final String POD = "toolbox";
    private static final Duration LIMIT = Duration.ofSeconds(8);
    private static final int COPIED = 20_000_000;
    private static final int FOLLOWED = 3;
    private static final int EXIT = 7;
    private static final int LEAST_PORT = 20_000;
    private static final int LAST_PORT = 30_000;

    private final RunningDemo demo;
    private final Direction direction;
    private final DemoPod pod;

    VerbChecks(RunningDemo demo, Direction direction) {
        this.demo = demo;
        this.direction = direction;
        this.pod = direction.caller(POD);
    }

    /** Short answers and streams. */
    Stream<Check> words() {
        return Stream.of(
                check("pod-kubectl-get", "`kubectl get` works, and the proxy sees who calls", this::get),
                check("pod-kubectl-logs-f", "`kubectl logs -f` follows", this::logs),
                check("pod-kubectl-exec", "`kubectl exec` carries input, output and exit code", this::exec));
    }

    /** What the proxy must not understand: other protocols, and bulk. */
    Stream<Check> freight() {
        return Stream.of(
                check("pod-kubectl-port-forward", "`kubectl port-forward` reaches a port of a pod", this::portForward),
                check("pod-kubectl-cp-20MB", "`kubectl cp` copies both ways, through the peer's proxy", this::copy));
    }

    private Check check(String name, String what, Callable<String> body) {
        String next = Look.logs(direction.to(), "hawser", "api-server-proxy");
        return direction.check(name, what, POD, next, () -> {
            ready();
            return body.call();
        });
    }

    /** A kubeconfig among the pod's files: the remapped proxy, and a token of the other cluster. */
    private void ready() throws IOException {
        Path inside = Path.of("/proc", String.valueOf(pod.state().process()), "root/tmp/peer.kubeconfig");
        if (Files.exists(inside)) {
            return;
        }
        Path file = new KubeconfigFile()
                .add(
                        direction.to().id(),
                        "https://kubernetes.default.svc",
                        direction.to().certificateAuthority(),
                        direction.proxy(),
                        new AuthInfoBuilder()
                                .withToken(demo.token(direction.to(), "demo", "tenant"))
                                .build())
                .write(demo.scratch("tenant-" + direction.from().id() + ".yaml"));
        Files.copy(file, inside);
    }

    private String get() {
        String name =
                run("kubectl", "get", "pod", POD, "-n", "demo", "-o", "name").stdout();
        unlessEqual("pod/" + POD, name.strip(), "what kubectl get prints");
        String source = direction.seenAs(pod.address());
        String log = demo.kubectl(direction.to(), "logs", "-n", "hawser", "deployment/api-server-proxy", "--tail=200");
        unless(log.contains(source), "the log of the peer's proxy does not name the caller as " + source);
        return "the proxy's log names the caller as " + source;
    }

    private String logs() throws Exception {
        try (ChildProcess kubectl = pod.start("logs", "kubectl", "logs", "-f", POD, "-n", "demo", "--tail=1")) {
            Patience.await(
                    FOLLOWED + " lines",
                    System.nanoTime(),
                    LIMIT,
                    () -> Files.readAllLines(kubectl.log()),
                    lines -> lines.size() >= FOLLOWED);
            List<String> lines = Files.readAllLines(kubectl.log());
            String expected = "tick of " + direction.to().id();
            unless(lines.stream().allMatch(line -> line.startsWith(expected)), "the lines are " + lines);
            return lines.size() + " lines \"" + lines.getLast() + "\"";
        }
    }

    private String exec() {
        Output answer = pod.run(
                "sh", "-c", "echo hello | kubectl exec -i -n demo " + POD + " -- sh -c 'cat; echo $CLUSTER; exit 7'");
        unlessEqual(
                "hello\n" + direction.to().id() + "\n", answer.stdout(), "output of exec (" + answer.stderr() + ")");
        unlessEqual(EXIT, answer.exit(), "exit code");
        return "input, output and exit code of a program in " + direction.to().id();
    }

    private String portForward() throws Exception {
        int port = ThreadLocalRandom.current().nextInt(LEAST_PORT, LAST_PORT);
        try (ChildProcess kubectl =
                pod.start("port-forward", "kubectl", "port-forward", "-n", "demo", "pod/" + POD, port + ":8080")) {
            kubectl.awaitLog("Forwarding from", LIMIT);
            String answer = ask(port);
            unless(
                    answer.endsWith("this is " + direction.to().id() + "\n"),
                    "the forwarded port answers: " + answer.strip());
            return "a web server in " + direction.to().id() + " answers";
        }
    }

    private String ask(int port) throws Exception {
        try {
            return demo.exchange(pod.host(), "127.0.0.1", port, "GET / HTTP/1.0\r\n\r\n");
        } catch (ConnectException e) {
            throw new CheckFailedException("nobody listens on the forwarded port: " + e.getMessage());
        }
    }

    /** There and back again, compared by hash, with the counters of both proxies as proof of the way it took. */
    private String copy() throws Exception {
        run("dd", "if=/dev/urandom", "of=/tmp/sent", "bs=" + COPIED, "count=1", "iflag=fullblock");
        Relayed peersBefore = relayed(true);
        Relayed ownBefore = relayed(false);
        run("kubectl", "cp", "-n", "demo", "/tmp/sent", POD + ":/tmp/arrived");
        run("kubectl", "cp", "-n", "demo", POD + ":/tmp/arrived", "/tmp/returned");
        String sent = sum(run("sha256sum", "/tmp/sent"));
        String arrived = sum(run("kubectl", "exec", "-n", "demo", POD, "--", "sha256sum", "/tmp/arrived"));
        unlessEqual(sent, arrived, "SHA-256 of what arrived");
        unlessEqual(sent, sum(run("sha256sum", "/tmp/returned")), "SHA-256 of what came back");
        Relayed peers = relayed(true).since(peersBefore);
        Relayed own = relayed(false).since(ownBefore);
        unless(
                peers.toTarget() >= COPIED && peers.toClient() >= COPIED,
                "the proxy of " + direction.to().id() + " counted only " + peers);
        unless(own.toTarget() < COPIED, "the caller's own proxy counted " + own);
        return "SHA-256 equal there and back; peer's proxy relayed " + peers;
    }

    private Relayed relayed(boolean peers) throws Exception {
        Metrics metrics = demo.proxyMetrics(peers ? direction.to() : direction.from());
        return new Relayed(
                metrics.sum("hawser_proxy_bytes_total", "direction", "to_target"),
                metrics.sum("hawser_proxy_bytes_total", "direction", "to_client"));
    }

    private Output run(String... command) {
        Output output = pod.run(command);
        unless(
                output.succeeded(),
                "`" + String.join(" ", command) + "` fails: " + output.stderr().strip());
        return output;
    }

    private static String sum(Output output) {
        return output.stdout().split(" ", 2)[0];
    }

    /** Bytes that a proxy has relayed. */
    private record Relayed(long toTarget, long toClient) {
        Relayed since(Relayed before) {
            return new Relayed(toTarget - before.toTarget, toClient - before.toClient);
        }

        @Override
        public String toString() {
            return toTarget / 1_000_000 + " MB there and " + toClient / 1_000_000 + " MB back";
        }
    }
}
