// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.lab.LabException;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.JavaProgram;
import dev.hawser.lab.process.Signal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresLab
class HostIT {
    private static final Duration LIMIT = Duration.ofSeconds(45);

    private NetworkLab lab;

    @BeforeEach
    void open() {
        lab = NetworkLab.open("host-it");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void carriesTcpBetweenTwoHostsUnseenFromOutside() throws Exception {
        Set<String> before = interfacesHere();
        Host left = lab.host("left");
        Host right = lab.host("right");
        lab.link(left, "eth0", right, "eth0");
        left.address("eth0", "10.9.0.1/24");
        right.address("eth0", "10.9.0.2/24");

        String echoed = echo(left, right, "10.9.0.2");

        assertThat(echoed).isEqualTo("hello");
        assertThat(interfacesHere()).isEqualTo(before);
    }

    @Test
    void routesAndCountsBetweenHostsThatShareNoLink() throws Exception {
        Host router = lab.host("router");
        Host left = routed(router, "left", "10.9.1");
        Host right = routed(router, "right", "10.9.2");
        router.forward(true);
        Map<String, String> classes = new LinkedHashMap<>();
        classes.put("echo", "tcp dport 7007");
        classes.put("answers", "tcp sport 7007");
        TrafficCount count = router.count(TrafficCount.Hook.FORWARD, classes);

        String echoed = echo(left, right, "10.9.2.2");

        assertThat(echoed).isEqualTo("hello");
        assertThat(count.read("echo").packets()).isGreaterThanOrEqualTo(3);
        assertThat(count.read("answers").bytes()).isGreaterThanOrEqualTo(5 + 3 * 40);
        assertThat(count.read(TrafficCount.OTHER).packets()).isZero();
        assertThat(router.counted(TrafficCount.Hook.FORWARD).read()).isEqualTo(count.read());
    }

    @Test
    void letsHostsBehindNatOnlyDialOut() throws Exception {
        Host router = lab.host("router");
        Host inside = routed(router, "inside", "10.9.1");
        Host outside = routed(router, "outside", "10.9.2");
        router.masquerade("outside");
        outside.run("ip", "route", "del", "default");

        assertThat(echo(inside, outside, "10.9.2.2")).isEqualTo("hello");

        outside.route("10.9.1.0/24", "10.9.2.1");
        assertThatThrownBy(() -> connect(outside, "10.9.1.2", Duration.ofMillis(200)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void bridgesPodsAndAnswersOnTheirGateway() throws Exception {
        Host node = lab.host("node");
        Host pod = lab.host("pod");
        node.bridge("cni0", "10.200.0.1/16");
        lab.link(node, "pod0", pod, "eth0");
        node.plug("pod0", "cni0");
        pod.address("eth0", "10.200.0.7/16");
        pod.route("default", "10.200.0.1");

        assertThat(echo(pod, node, "10.200.0.1")).isEqualTo("hello");
    }

    @Test
    void startsChildrenInsideThatCloseTakesAway() throws Exception {
        Host host = lab.host("lonely");
        ChildProcess child = host.start(Command.of("sleep", "600"));
        Path namespace = Path.of("/proc", Long.toString(child.pid()), "ns/net");
        await("the child is in the host", () -> sameFile(namespace, host.namespace()));

        lab.close();

        assertThat(child.alive()).isFalse();
        assertThat(child.exitCode()).hasValue(128 + 9);
        // The kernel shows a thread for a moment after it has been joined.
        await("the namespace is gone", () -> Files.notExists(host.namespace()));
        assertThat(lab.directory()).doesNotExist();
    }

    @Test
    void stopsAChildThatIsFrozen() throws Exception {
        ChildProcess child = lab.host("lonely").start(Command.of("sleep", "600"));
        child.signal(Signal.STOP);

        child.stop();

        assertThat(child.exitCode()).hasValue(128 + 15);
    }

    @Test
    void keepsSettingsToItself() throws Exception {
        Path forwarding = Path.of("/proc/sys/net/ipv4/ip_forward");
        String before = Files.readString(forwarding);
        Host host = lab.host("router");

        host.forward(true);

        assertThat(host.call(() -> Files.readString(forwarding).strip())).isEqualTo("1");
        assertThat(Files.readString(forwarding)).isEqualTo(before);
        assertThatThrownBy(() -> host.sysctl("vm/swappiness", "1")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tellsWhatChangedInItsKernel() {
        Host host = lab.host("router");
        lab.link(host, "eth0", lab.host("other"), "eth0");
        host.nft("table ip kept { chain one { counter; }; chain two { }; }");
        HostSnapshot before = host.snapshot();

        host.address("eth0", "10.9.0.1/24");
        host.nft("table ip kept { chain two { counter; }; }");
        List<String> differences = host.snapshot().differences(before);

        assertThat(differences)
                .anyMatch(line -> line.startsWith("+ addresses:") && line.contains("10.9.0.1/24"))
                .anyMatch(line -> line.startsWith("+ routes: 10.9.0.0/24 dev eth0"))
                .anyMatch(line -> line.startsWith("+ nft ruleset: table ip kept / chain two: counter"))
                .noneMatch(line -> line.startsWith("-"));
        host.run("nft", "flush", "chain", "ip", "kept", "two");
        host.run("ip", "address", "flush", "dev", "eth0", "to", "10.9.0.1");
        assertThat(host.snapshot().differences(before)).isEmpty();
    }

    @Test
    void saysWhatAFailedCommandSaid() {
        Host host = lab.host("lonely");

        assertThatThrownBy(() -> host.up("nowhere"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("ip link set nowhere up")
                .hasMessageContaining("Cannot find device");
    }

    @Test
    void leavesNothingWhenTheJvmIsKilled() throws Exception {
        Host observer = lab.host("observer");
        ChildProcess jvm = observer.start(
                "abandoned",
                JavaProgram.of(
                                AbandonedLab.class.getName(),
                                observer.namespace().toString(),
                                "probe")
                        .command());
        jvm.awaitLog(" ready", LIMIT);
        Matcher said = Pattern.compile("child (\\d+) directory (\\S+) ready").matcher(jvm.logTail(1));
        assertThat(said.find()).isTrue();
        long orphan = Long.parseLong(said.group(1));
        assertThat(observer.run("ip", "-o", "link").stdout()).contains("probe@");

        jvm.kill();

        await("the grandchild dies", () -> !runs(orphan));
        await(
                "the link goes with its namespace",
                () -> !observer.run("ip", "-o", "link").stdout().contains("probe@"));
        NetworkLab.open("janitor").close();
        assertThat(Path.of(said.group(2))).doesNotExist();
    }

    @Test
    void removesItsFolderTooWhenTheJvmIsAskedToEnd() {
        Host observer = lab.host("observer");
        ChildProcess jvm = observer.start(
                "asked",
                JavaProgram.of(
                                AbandonedLab.class.getName(),
                                observer.namespace().toString(),
                                "probe")
                        .command());
        jvm.awaitLog(" ready", LIMIT);
        Matcher said = Pattern.compile("child (\\d+) directory (\\S+) ready").matcher(jvm.logTail(1));
        assertThat(said.find()).isTrue();

        jvm.stop();

        assertThat(jvm.exitCode()).hasValue(128 + 15);
        assertThat(runs(Long.parseLong(said.group(1)))).isFalse();
        assertThat(Path.of(said.group(2))).doesNotExist();
    }

    private Host routed(Host router, String name, String prefix) {
        Host host = lab.host(name);
        lab.link(host, "eth0", router, name);
        host.address("eth0", prefix + ".2/24");
        router.address(name, prefix + ".1/24");
        host.route("default", prefix + ".1");
        return host;
    }

    private static String echo(Host from, Host to, String address) throws Exception {
        try (ServerSocket listener = to.call(() -> new ServerSocket(7007, 1, InetAddress.getByName("0.0.0.0")))) {
            Thread server = Thread.ofPlatform().daemon().start(() -> {
                try (Socket accepted = listener.accept()) {
                    accepted.getInputStream().transferTo(accepted.getOutputStream());
                } catch (IOException e) {
                    throw new LabException("echo failed", e);
                }
            });
            try (Socket socket = connect(from, address, LIMIT)) {
                socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                socket.shutdownOutput();
                String echoed = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                server.join(LIMIT);
                return echoed;
            }
        }
    }

    private static Socket connect(Host from, String address, Duration limit) throws Exception {
        return from.call(() -> {
            Socket socket = new Socket();
            try {
                socket.connect(new InetSocketAddress(address, 7007), Math.toIntExact(limit.toMillis()));
                return socket;
            } catch (IOException e) {
                socket.close();
                throw e;
            }
        });
    }

    private static Set<String> interfacesHere() throws IOException {
        return NetworkInterface.networkInterfaces()
                .map(NetworkInterface::getName)
                .collect(Collectors.toSet());
    }

    private static boolean runs(long pid) {
        return ProcessHandle.of(pid).isPresent();
    }

    private static boolean sameFile(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    private static void await(String what, Callable<Boolean> reached) {
        Awaitility.await(what).atMost(LIMIT).pollInterval(Duration.ofMillis(10)).until(reached);
    }
}
