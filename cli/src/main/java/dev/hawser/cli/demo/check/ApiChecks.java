// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.cli.demo.KubeconfigFile;
import dev.hawser.ipam.address.Family;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** The other cluster's API server, called from a pod through the remapped address of its proxy. */
final class ApiChecks {
    private static final int PROXY_PORT = 8118;
    private static final String POD = "pod-1";
    private static final String SERVER = "https://kubernetes.default.svc";
    private static final String[] ASK = {"get", "configmap", "greeting", "-n", "demo", "-o", "jsonpath={.data.cluster}"
    };
    // Calls that one direction makes and that connect: the token's, the stranger's, the garbage one's and curl's.
    private static final int CALLS = 4;
    private static final Duration LOGGED = Duration.ofSeconds(3);
    private static final List<String> ELSEWHERE =
            List.of("10.200.0.2:80", "10.95.0.1:22", "127.0.0.1:9102", "kubernetes.default.svc:80", "example.com:443");

    private final RunningDemo demo;
    private final Direction direction;
    private final DemoPod pod;

    ApiChecks(RunningDemo demo, Direction direction) {
        this.demo = demo;
        this.direction = direction;
        this.pod = direction.caller(POD);
    }

    /** What needs both API servers. */
    Stream<Check> agreed() {
        return Stream.of(
                check(
                        "proxy-address-agreed",
                        "Peering and IP name one address for the peer's proxy",
                        this::addressAgreed),
                check(
                        "api-published-kubeconfig",
                        "the kubeconfig that the controller publishes needs only a token",
                        this::publishedKubeconfig));
    }

    /** What needs only the API server that is called. */
    Stream<Check> calls() {
        return Stream.of(
                check(
                        "api-through-remap",
                        "kubectl reaches the peer's API server through the peer's proxy, with the caller's own rights",
                        this::callsMoveThePeersCounter),
                check("proxy-connect-elsewhere-403", "the proxy connects to nothing else", this::elsewhere),
                check(
                        "proxy-ipv6",
                        "the peer's proxy answers under its IPv6 address, and sees the caller's",
                        this::overIpv6));
    }

    private Check check(String name, String what, Callable<String> body) {
        String next = Look.logs(direction.to(), "hawser", "api-server-proxy");
        return direction.check(name, what, POD, next, body);
    }

    private String addressAgreed() {
        String dialled = String.valueOf(direction.apiServer().address());
        List<String> addresses = direction.addressesInPeersIp();
        unlessEqual(2, addresses.size(), "number of addresses in " + addresses);
        unlessEqual(addresses.getFirst(), dialled, "status.apiServer.address");
        return dialled + ", in IPv6 " + addresses.getLast();
    }

    /** All answers of the API server, and whose proxy they came through. */
    private String callsMoveThePeersCounter() throws Exception {
        String caller = direction.seenAs(pod.address());
        long counted = connects();
        long logged = tunnels(caller);

        String token = accepted();
        String stranger = forbidden();
        String garbage = garbage();
        String nobody = withoutToken();

        long moved = connects() - counted;
        unless(moved >= CALLS, "the proxy of " + direction.to().id() + " counted only " + moved + " connects");
        // Others call as well; that these calls came this way says the log, a moment after the end of each.
        Patience.await(
                CALLS + " more tunnels of " + caller + " in the log of the proxy of "
                        + direction.to().id(),
                System.nanoTime(),
                LOGGED,
                () -> tunnels(caller) - logged,
                more -> more >= CALLS);
        return String.join(", ", token, stranger, garbage, nobody) + "; peer's proxy +" + moved + ", from " + caller;
    }

    private String accepted() throws IOException {
        Output answer = ask(demo.token(direction.to(), "demo", "reader"));
        unless(
                answer.succeeded(),
                "a ServiceAccount's token is not accepted: " + answer.stderr().strip());
        unlessEqual(direction.to().id(), answer.stdout(), "the cluster that answers");
        return "token accepted by " + answer.stdout();
    }

    private String forbidden() throws IOException {
        Output answer = ask(demo.token(direction.to(), "demo", "stranger"));
        unless(
                !answer.succeeded() && answer.stderr().contains("(Forbidden)"),
                "a token without rights gets: " + answer.stdout() + answer.stderr());
        return "no rights 403";
    }

    private String garbage() throws IOException {
        Output answer = ask("garbage");
        unless(
                !answer.succeeded() && answer.stderr().contains("must be logged in to the server"),
                "a garbage token gets: " + answer.stdout() + answer.stderr());
        return "garbage token 401";
    }

    private Output ask(String token) throws IOException {
        Path kubeconfig = new KubeconfigFile()
                .add(
                        "peer",
                        SERVER,
                        direction.to().certificateAuthority(),
                        direction.proxy(),
                        new AuthInfoBuilder().withToken(token).build())
                .write(Files.createTempFile(demo.scratch(""), "kubeconfig-", ".yaml"));
        return demo.kubectl(pod.host(), kubeconfig, ASK);
    }

    private String withoutToken() throws IOException {
        Path ca = demo.scratch(
                "ca-" + direction.to().id() + ".crt", direction.to().certificateAuthority());
        Output answer = pod.host()
                .run(Command.of(
                        "curl",
                        "--silent",
                        "--show-error",
                        "--max-time",
                        "5",
                        "--proxy",
                        direction.proxy(),
                        "--cacert",
                        ca.toString(),
                        "--output",
                        "/dev/null",
                        "--write-out",
                        "%{http_code}",
                        SERVER + "/api"));
        unlessEqual(
                "401",
                answer.stdout(),
                "status without a token (" + answer.stderr().strip() + ")");
        return "no token 401";
    }

    /** The kubeconfig that the controller publishes carries no user; a token makes it complete. */
    private String publishedKubeconfig() throws IOException {
        var reference = direction.apiServer().kubeconfigSecretRef();
        unless(reference != null, "status.apiServer names no kubeconfig Secret");
        Secret secret = demo.get(direction.from(), Secret.class, "hawser", reference == null ? "" : reference.name());
        byte[] content = Base64.getDecoder().decode(secret.getData().getOrDefault("kubeconfig", ""));
        Path kubeconfig = demo.scratch(
                "published-" + direction.from().id() + ".yaml", new String(content, StandardCharsets.UTF_8));
        Output without = demo.kubectl(pod.host(), kubeconfig, "config", "view", "-o", "jsonpath={.users[*].user}");
        unless(!without.stdout().contains("token"), "the published kubeconfig carries a token");
        String[] arguments = Stream.concat(
                        Stream.of("--token", demo.token(direction.to(), "demo", "reader")), Stream.of(ASK))
                .toArray(String[]::new);
        Output answer = demo.kubectl(pod.host(), kubeconfig, arguments);
        unless(
                answer.succeeded(),
                "it does not work with a token: " + answer.stderr().strip());
        unlessEqual(direction.to().id(), answer.stdout(), "the cluster that answers");
        return "Secret " + secret.getMetadata().getName() + " and a token reach " + answer.stdout();
    }

    private String elsewhere() throws Exception {
        String address = String.valueOf(direction.apiServer().address());
        for (String target : ELSEWHERE) {
            refuses(address, target);
        }
        return "403 for " + String.join(", ", ELSEWHERE);
    }

    private void refuses(String address, String target) throws Exception {
        String answer = demo.exchange(
                pod.host(),
                address,
                PROXY_PORT,
                "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\nConnection: close\r\n\r\n");
        String status = answer.lines().findFirst().orElse("");
        unless(status.matches("HTTP/1\\.[01] 403.*"), "CONNECT " + target + " gets \"" + status + "\"");
    }

    /** A word with it is enough to know the way; what it is good for is shown over IPv4. */
    private String overIpv6() throws Exception {
        String address = direction.addressesInPeersIp().getLast();
        String caller = direction.seenAs(pod.address(Family.IPV6));
        refuses(address, "example.com:443");
        Patience.await(
                "the caller in the log of the proxy of " + direction.to().id(),
                System.nanoTime(),
                LOGGED,
                () -> demo.log(direction.to(), "hawser", "api-server-proxy"),
                log -> log.contains("client=\"[" + caller + "]:"));
        return "[" + address + "]:" + PROXY_PORT + " answers " + caller;
    }

    private long connects() throws Exception {
        return demo.proxyMetrics(direction.to()).sum("hawser_proxy_connects_total", "outcome", "connected");
    }

    /** How many tunnels the log of the peer's proxy says a client had that were connected. */
    private long tunnels(String client) {
        return demo.log(direction.to(), "hawser", "api-server-proxy")
                .lines()
                .filter(line -> line.contains("client=\"" + client + ":") && line.contains("outcome=\"connected\""))
                .count();
    }
}
