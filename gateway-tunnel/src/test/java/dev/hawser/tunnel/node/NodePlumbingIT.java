// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@RequiresLab
class NodePlumbingIT {
    private static final String DEVICE = "hawser0";
    private static final int MTU = 1420;

    private NetworkLab lab;
    private Host node;
    private String before;

    @BeforeEach
    void open() {
        lab = NetworkLab.open("plumbing");
        node = lab.host("node");
        node.forward(true);
        before = everything();
        createDevice();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void leadsRemappedRangesIntoTheTunnel() {
        try (NodePlumbing plumbing = plumbing()) {
            plumbing.apply(state("10.71.0.0/16", "10.81.0.0/16", "fd00:10:71::/56"));

            assertThat(plumbing.problem()).isEmpty();
            assertThat(node.run("ip", "route", "get", "10.71.1.5").stdout())
                    .contains("dev hawser0")
                    .contains("src 10.70.0.1");
            assertThat(node.run("ip", "route", "get", "fd00:10:71::5").stdout())
                    .contains("dev hawser0")
                    .contains("src fd00:10:70::1");
            assertThat(rules())
                    .contains("elements = { 10.71.0.0/16, 10.81.0.0/16 }", "srcnat - 1", "ct state new drop")
                    .contains(
                            "table ip6 hawser", "elements = { fd00:10:71::/56 }", "ip6 daddr @pods ct state new drop");
        }
    }

    @Test
    void refusesRemappedRangesWhileTheDeviceIsGoneAndRoutesThemAgainWhenItIsBack() {
        try (NodePlumbing plumbing = plumbing()) {
            plumbing.apply(state("10.71.0.0/16", "fd00:10:71::/56"));
            node.run("ip", "link", "del", DEVICE);

            assertThat(node.run(Command.of("ip", "route", "get", "10.71.1.5")).exit())
                    .isNotZero();
            assertThat(node.run(Command.of("ip", "route", "get", "fd00:10:71::5"))
                            .exit())
                    .isNotZero();

            plumbing.repair();
            assertThat(plumbing.problem())
                    .hasValueSatisfying(text -> assertThat(text).contains("does not exist"));
            createDevice();
            plumbing.repair();
            assertThat(plumbing.problem()).isEmpty();
            assertThat(node.run("ip", "route", "get", "10.71.1.5").stdout()).contains("dev hawser0");
            assertThat(node.run("ip", "route", "get", "fd00:10:71::5").stdout()).contains("dev hawser0");
        }
    }

    @Test
    void tellsBothEndsOfATcpConnectionWhatThePathTakes() throws Exception {
        Host pod = lab.host("pod");
        Host far = lab.host("far");
        node.run("ip", "link", "del", DEVICE);
        lab.link(node, DEVICE, far, "eth0");
        lab.link(node, "pod", pod, "eth0");
        node.forward(true);
        node.address("pod", "10.200.0.1/16");
        pod.address("eth0", "10.200.0.5/16");
        pod.route("default", "10.200.0.1");
        far.address("eth0", "10.71.0.5/16");
        far.run("ip", "route", "add", "10.200.0.0/16", "dev", "eth0");
        node.sysctl("net/ipv4/conf/all/proxy_arp", "1");
        try (NodePlumbing plumbing = plumbing()) {
            plumbing.apply(state("10.71.0.0/16").with(Map.of(Cidr.parse("10.71.0.0/16"), 1328), Map.of()));
            assertThat(plumbing.problem()).isEmpty();

            try (ServerSocket server = far.call(() -> new ServerSocket(9000));
                    Socket client = pod.call(() -> new Socket(InetAddress.ofLiteral("10.71.0.5"), 9000));
                    Socket served = server.accept()) {
                assertThat(client.isConnected() && served.isConnected()).isTrue();
                assertThat(far.run("ss", "-tni").stdout()).contains(" mss:1276 ");
                assertThat(pod.run("ss", "-tni").stdout()).contains(" mss:1276 ");
            }
        }
    }

    @Test
    void repairsWhatSomebodyChanged() {
        try (NodePlumbing plumbing = plumbing()) {
            plumbing.apply(state("10.71.0.0/16", "fd00:10:71::/56"));
            String settled = everything();
            node.run("nft", "flush", "chain", "ip", "hawser", "sources");
            node.run("nft", "flush", "chain", "ip6", "hawser", "input");
            node.run("ip", "route", "del", "10.71.0.0/16", "dev", DEVICE);
            node.run("ip", "route", "del", "fd00:10:71::/56", "dev", DEVICE);
            node.run("ip", "address", "add", "10.99.0.1/32", "dev", DEVICE);
            node.run("ip", "address", "del", "fd00:10:70::1/128", "dev", DEVICE);

            plumbing.repair();

            assertThat(everything()).isEqualTo(settled);
        }
    }

    @Test
    void takesOverFromAKilledGatewayAndLeavesNothingAtTheEnd() {
        plumbing().apply(state("10.71.0.0/16", "10.99.0.0/16", "fd00:10:71::/56", "fd00:10:99::/56"));
        node.run("ip", "link", "del", DEVICE);
        createDevice();

        NodePlumbing next = plumbing();
        next.apply(state("10.71.0.0/16", "fd00:10:71::/56"));

        assertThat(next.problem()).isEmpty();
        assertThat(everything())
                .contains("10.71.0.0/16", "fd00:10:71::/56")
                .doesNotContain("10.99.0.0/16", "fd00:10:99::/56");
        next.close();
        node.run("ip", "link", "del", DEVICE);
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void saysThatTheNodePassesNothingOn() {
        try (NodePlumbing plumbing = plumbing()) {
            plumbing.apply(state("10.71.0.0/16", "fd00:10:71::/56"));
            node.sysctl("net/ipv6/conf/all/forwarding", "0");
            plumbing.repair();

            assertThat(plumbing.problem())
                    .hasValueSatisfying(text -> assertThat(text).contains("net.ipv6.conf.all.forwarding=1"));
            assertThat(plumbing.isBroken()).isFalse();
            node.forward(false);
            plumbing.repair();
            assertThat(plumbing.isBroken()).isTrue();
            node.forward(true);
            plumbing.repair();
            assertThat(plumbing.problem()).isEmpty();
        }
    }

    @Test
    void leavesAForeignRouteAloneAndSaysThatItIsInTheWay() {
        node.run("ip", "route", "add", "10.71.0.0/16", "dev", "lo");
        try (NodePlumbing plumbing = plumbing()) {
            plumbing.apply(state("10.71.0.0/16"));

            assertThat(plumbing.problem())
                    .hasValueSatisfying(text -> assertThat(text).contains("route 10.71.0.0/16", "File exists"));
        }
        assertThat(everything()).contains("10.71.0.0/16 dev lo");
    }

    private NodePlumbing plumbing() {
        return new NodePlumbing(DEVICE, MTU, (input, words) -> {
            Output output = node.run(Command.of(words).reading(input));
            return new Commands.Result(output.exit(), output.stdout(), output.stderr());
        });
    }

    private void createDevice() {
        node.run("ip", "tuntap", "add", DEVICE, "mode", "tun");
    }

    private String rules() {
        return node.run("nft", "list", "ruleset").stdout();
    }

    private String everything() {
        return rules()
                + node.run("ip", "route", "show", "table", "all").stdout()
                + node.run("ip", "-6", "route", "show", "table", "main").stdout();
    }

    private static NodeNetwork state(String... remapped) {
        return new NodeNetwork(
                MTU,
                List.of(IpAddress.parse("10.70.0.1"), IpAddress.parse("fd00:10:70::1")),
                List.of(Cidr.parse("10.200.0.0/16"), Cidr.parse("fd00:10:200::/56")),
                Stream.of(remapped).map(Cidr::parse).toList(),
                List.of());
    }
}
