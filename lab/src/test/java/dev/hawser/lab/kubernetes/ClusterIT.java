// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.linux.ControlGroup;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.JavaProgram;
import dev.hawser.lab.process.Output;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@RequiresLab
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
    private static final Duration LIMIT = Duration.ofSeconds(45);

    private static Machine before;
    private static NetworkLab lab;
    private static Cluster genoa;
    private static Cluster lisbon;

    @BeforeAll
    static void startTwoAtOnceWithTheSameRanges() throws Exception {
        KubernetesBinaries binaries = KubernetesBinaries.ensure(System.err::println);
        NodePackages packages = NodePackages.ensure(System.err::println);
        before = Machine.now();
        lab = NetworkLab.open("cluster-it");
        Host internet = lab.host("internet");
        Host one = host(lab, internet, "genoa", 2);
        Host other = host(lab, internet, "lisbon", 3);
        FutureTask<Cluster> starting = inBackground(() -> Cluster.start(one, spec("genoa", 2), binaries, packages));
        lisbon = Cluster.start(other, spec("lisbon", 3).with(KubeProxyMode.IPTABLES), binaries, packages);
        genoa = starting.get();
        List<FutureTask<Void>> pods = List.of(
                inBackground(() -> runWithService(genoa, "web")), inBackground(() -> runWithService(lisbon, "web")));
        for (FutureTask<Void> pod : pods) {
            pod.get();
        }
        // Takes five seconds in which nothing happens.
        genoa.kubectl().run("create", "namespace", "passing");
        genoa.kubectl().run("create", "configmap", "thing", "--namespace=passing");
        genoa.kubectl().run("delete", "namespace", "passing", "--wait=false");
    }

    @AfterAll
    static void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @ParameterizedTest
    @EnumSource(KubeProxyMode.class)
    void leadsPodsToServices(KubeProxyMode mode) {
        Cluster cluster = cluster(mode);
        String addresses = cluster.kubectl().run("get", "service", "web", "-o", "jsonpath={.spec.clusterIPs[*]}");

        // The pod calls itself through its Service, in both families, and the API server.
        assertThat(addresses).matches("10\\.95\\.[0-9.]+ fd00:10:95::[0-9a-f]+");
        for (String address : addresses.split(" ", 2)) {
            assertThat(exec(
                            cluster,
                            "web",
                            "printf 'GET /etc/greeting HTTP/1.0\\r\\n\\r\\n' | nc -w 5 " + address + " 80"))
                    .endsWith("hello from " + cluster.spec().name() + "\n");
        }
        assertThat(exec(
                        cluster,
                        "web",
                        "nc -w 5 $KUBERNETES_SERVICE_HOST $KUBERNETES_SERVICE_PORT </dev/null && echo reached"))
                .isEqualTo("reached\n");
    }

    @Test
    void programsTheKernelAsAskedFor() {
        assertThat(genoa.host().run("nft", "list", "tables").stdout())
                .contains("table ip kube-proxy", "table ip6 kube-proxy");
        assertThat(lisbon.host().run("nft", "list", "ruleset").stdout())
                .contains("chain KUBE-SERVICES")
                .doesNotContain("table ip kube-proxy");
    }

    @Test
    void givesPodsOfBothTheSameAddresses() {
        assertThat(find(genoa, "web").getStatus().getPodIPs())
                .isEqualTo(find(lisbon, "web").getStatus().getPodIPs())
                .extracting(PodIP::getIp)
                .satisfiesExactly(
                        ip -> assertThat(ip).startsWith("10.200.0."),
                        ip -> assertThat(ip).startsWith("fd00:10:200::"));
    }

    @Test
    void tellsWhatAPodSays() {
        assertThat(genoa.kubectl().run("logs", "web")).isEqualTo("serving\n");
    }

    @Test
    void showsAPodsNetworkAsAHost() throws Exception {
        Host pod = genoa.pod("default", "web");

        assertThat(pod.run("ip", "-o", "address", "show", "dev", "eth0").stdout())
                .contains(find(genoa, "web").getStatus().getPodIP() + "/24");
        assertThat(pod.run("ip", "route", "get", "203.0.113.3").stdout()).contains("via 10.200.0.1");
        assertThat(pod.run("ip", "route", "get", "2001:db8:1::3").stdout()).contains("via fd00:10:200::1");
    }

    @Test
    void startsAContainerAgainThatIsKilledFromOutside() {
        run(genoa, "victim", Cluster.TOOLS_IMAGE);
        long first = genoa.containerPid("default", "victim", "main");
        Path network = genoa.podNamespace("default", "victim");

        ProcessHandle.of(first).orElseThrow().destroyForcibly();

        await(() -> restarts(genoa, "victim") == 1);
        await(() -> genoa.containerPid("default", "victim", "main") != first);
        assertThat(genoa.podNamespace("default", "victim")).isEqualTo(network);
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void deletesANamespaceWithAllInIt() {
        await(() -> genoa.kubectl().attempt("get", "namespace", "passing").exit() == 1);
    }

    @Test
    void leavesNothingThatRunsWhenTheJvmIsKilled() {
        ChildProcess jvm = lab.host("observer")
                .start(
                        "abandoned",
                        JavaProgram.of(AbandonedCluster.class.getName()).command());
        jvm.awaitLog(" ready", Duration.ofSeconds(60));
        Matcher said = Pattern.compile("pod (\\d+) group (\\S+) ready").matcher(jvm.logTail(1));
        assertThat(said.find()).isTrue();
        long pod = Long.parseLong(said.group(1));
        assertThat(ProcessHandle.of(pod)).isPresent();

        jvm.kill();

        await(() -> ProcessHandle.of(pod).isEmpty());
        await(() -> Machine.processesOf(said.group(2)).isEmpty());
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void leavesTheMachineAsItWas() {
        long begin = System.nanoTime();
        genoa.close();
        lisbon.close();
        long millis = Duration.ofNanos(System.nanoTime() - begin).toMillis();
        lab.close();
        ControlGroup.removeAbandoned();

        assertThat(Machine.now()).isEqualTo(before);
        assertThat(millis).isLessThan(10_000);
    }

    private static ClusterSpec spec(String name, int number) {
        return ClusterSpec.of(name, "203.0.113." + number).with(Ipv6Ranges.of("2001:db8:113::" + number));
    }

    static Host host(NetworkLab lab, Host internet, String name, int number) {
        Host host = lab.host(name);
        lab.link(host, "eth0", internet, name);
        host.address("eth0", "203.0.113." + number + "/24");
        host.route("default", "203.0.113.254");
        host.address("eth0", "2001:db8:113::" + number + "/64");
        host.route("default", "2001:db8:113::fe");
        return host;
    }

    /** A pod of one container that runs until it is deleted; returns when it is ready. */
    static void run(Cluster cluster, String name, String image, String... command) {
        StringBuilder quoted = new StringBuilder();
        for (String word : command) {
            quoted.append(quoted.isEmpty() ? "" : ", ")
                    .append('\'')
                    .append(word.replace("'", "''"))
                    .append('\'');
        }
        cluster.kubectl().apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: %1$s, labels: {app: %1$s}}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers:
                  - {name: main, image: "%2$s", imagePullPolicy: Never, command: [%3$s]}
                """.formatted(name, image, quoted));
        cluster.kubectl().run("wait", "--for=condition=Ready", "pod/" + name, "--timeout=30s");
    }

    private static Void runWithService(Cluster cluster, String name) {
        run(
                cluster,
                name,
                Cluster.TOOLS_IMAGE,
                "sh",
                "-c",
                "mkdir -p /etc; echo hello from " + cluster.spec().name()
                        + " > /etc/greeting; echo serving; exec httpd -f -p 8080 -h /");
        cluster.kubectl().apply("""
                apiVersion: v1
                kind: Service
                metadata: {name: %1$s}
                spec:
                  ipFamilyPolicy: RequireDualStack
                  selector: {app: %1$s}
                  ports: [{port: 80, targetPort: 8080}]
                """.formatted(name));
        Awaitility.await()
                .atMost(LIMIT)
                .until(() -> cluster.kubectl()
                        .run("get", "endpointslice", "-l", "kubernetes.io/service-name=" + name, "-o", "yaml")
                        .contains("ready: true"));
        return null;
    }

    private static Cluster cluster(KubeProxyMode mode) {
        return switch (mode) {
            case NFTABLES -> genoa;
            case IPTABLES -> lisbon;
        };
    }

    private static String exec(Cluster cluster, String pod, String script) {
        // kube-proxy follows a new Service within a second.
        Output[] last = new Output[1];
        await(() -> {
            last[0] = cluster.kubectl().attempt("exec", pod, "--", "sh", "-c", script);
            return last[0].succeeded();
        });
        return last[0].stdout();
    }

    private static Pod find(Cluster cluster, String name) {
        return cluster.client().pods().inNamespace("default").withName(name).get();
    }

    private static int restarts(Cluster cluster, String name) {
        return find(cluster, name).getStatus().getContainerStatuses().getFirst().getRestartCount();
    }

    private static <T> FutureTask<T> inBackground(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private static void await(Callable<Boolean> reached) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .until(reached);
    }
}
