// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who is seen as the source, on a node whose CNI masquerades pods that leave and whose kube-proxy masquerades strangers that
 * go to a Service. A link stands for the tunnel; behind it is a pod of a peer under its remapped address.
 */
@RequiresLab
class SourcesIT {
    private static final String POD = "10.200.1.5";
    private static final String REMOTE = "10.71.1.5";
    private static final String SERVICE_HERE = "10.95.0.9";
    private static final String SERVICE_THERE = "10.95.0.10";
    private static final String UPLINK = "192.0.2.7";
    private static final String PRINTER = "192.0.2.9";
    private static final int PORT = 8080;

    private static final String MASQUERADES = """
            table ip cni {
                chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    ip saddr 10.200.0.0/16 ip daddr != 10.200.0.0/16 masquerade
                }
            }
            table ip kube-proxy {
                chain services {
                    ip daddr 10.95.0.9 ip saddr != 10.200.0.0/16 meta mark set 0x4000
                    ip daddr 10.95.0.9 dnat to 10.200.1.5
                    ip daddr 10.95.0.10 ip saddr != 10.200.0.0/16 meta mark set 0x4000
                    ip daddr 10.95.0.10 dnat to 10.71.1.5
                }
                chain prerouting {
                    type nat hook prerouting priority dstnat; policy accept;
                    jump services
                }
                chain output {
                    type nat hook output priority -100; policy accept;
                    jump services
                }
                chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    meta mark 0x4000 masquerade
                }
            }
            """;

    private static final List<String> IPV4_TO_IPV6 = List.of(
            "table ip ",
            "table ip6 ",
            " ip saddr",
            " ip6 saddr",
            " ip daddr",
            " ip6 daddr",
            "10.200.0.0/16",
            "fd00:10:200::/56",
            "10.200.0.1",
            "fd00:10:200::1",
            POD,
            "fd00:10:200::1:5",
            "10.71.0.0/16",
            "fd00:10:71::/56",
            REMOTE,
            "fd00:10:71::1:5",
            "10.70.0.1",
            "fd00:10:70::1",
            SERVICE_THERE,
            "fd00:10:95::10",
            SERVICE_HERE,
            "fd00:10:95::9",
            UPLINK,
            "2001:db8:2::7",
            PRINTER,
            "2001:db8:2::9",
            "/16",
            "/56",
            "/24",
            "/64",
            "/32",
            "/128");

    /** The same small world in either family. */
    enum Side {
        IPV4,
        IPV6;

        /** What is written in IPv4, in this family. */
        String in(String text) {
            String translated = text;
            for (int i = 0; i < IPV4_TO_IPV6.size() && this == IPV6; i += 2) {
                translated = translated.replace(IPV4_TO_IPV6.get(i), IPV4_TO_IPV6.get(i + 1));
            }
            return translated;
        }
    }

    private NetworkLab lab;
    private Host node;
    private Host pod;
    private Host remote;
    private Host printer;
    private NodePlumbing plumbing;

    @BeforeEach
    void open() {
        lab = NetworkLab.open("sources");
        node = lab.host("node");
        pod = lab.host("pod");
        remote = lab.host("remote");
        printer = lab.host("printer");
        // Without a link-local address, which nobody has before he looked for others, nobody asks for a neighbour.
        Stream.of(node, pod, remote, printer).forEach(host -> host.sysctl("net/ipv6/conf/default/accept_dad", "0"));
        node.forward(true);
        node.run("ip", "link", "add", "cni0", "type", "bridge");
        lab.link(node, "pod1", pod, "eth0");
        node.plug("pod1", "cni0");
        node.up("cni0");
        lab.link(node, "hawser0", remote, "eth0");
        lab.link(node, "uplink", printer, "eth0");
        for (Side side : Side.values()) {
            address(side);
            node.nft(side.in(MASQUERADES));
        }
        plumbing = new NodePlumbing("hawser0", 1420, (input, words) -> {
            Output output = node.run(Command.of(words).reading(input));
            return new Commands.Result(output.exit(), output.stdout(), output.stderr());
        });
        plumbing.apply(new NodeNetwork(
                1420,
                both("10.70.0.1").map(IpAddress::parse).toList(),
                both("10.200.0.0/16").map(Cidr::parse).toList(),
                both("10.71.0.0/16").map(Cidr::parse).toList(),
                both(PRINTER).map(IpAddress::parse).toList()));
    }

    private void address(Side side) {
        node.address("cni0", side.in("10.200.0.1/16"));
        pod.address("eth0", side.in(POD + "/16"));
        pod.route("default", side.in("10.200.0.1"));
        remote.address("eth0", side.in(REMOTE + "/32"));
        remote.run("ip", "route", "add", side.in("10.70.0.1/32"), "dev", "eth0");
        remote.route("default", side.in("10.70.0.1"));
        node.address("uplink", side.in(UPLINK + "/24"));
        node.route("default", side.in(PRINTER));
        // Like many a device it has no gateway: it answers its own network only.
        printer.address("eth0", side.in(PRINTER + "/24"));
    }

    private static Stream<String> both(String text) {
        return Stream.of(Side.values()).map(side -> side.in(text));
    }

    @AfterEach
    void close() {
        plumbing.close();
        lab.close();
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void keepsSourcesInBothDirectionsAlsoThroughServices(Side side) throws Exception {
        assertThat(sourceSeen(pod, side.in(REMOTE), remote)).isEqualTo(side.in(POD));
        assertThat(sourceSeen(remote, side.in(POD), pod)).isEqualTo(side.in(REMOTE));
        assertThat(sourceSeen(remote, side.in(SERVICE_HERE), pod)).isEqualTo(side.in(REMOTE));
        assertThat(sourceSeen(pod, side.in(SERVICE_THERE), remote)).isEqualTo(side.in(POD));
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void leavesTheNodesOwnTrafficMasqueraded(Side side) throws Exception {
        assertThat(sourceSeen(node, side.in(SERVICE_THERE), remote)).isEqualTo(side.in("10.70.0.1"));
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void isWhatKeepsThem(Side side) throws Exception {
        node.run("nft", "delete", "table", side.in("table ip hawser").split(" ", 3)[1], "hawser");

        assertThat(sourceSeen(pod, side.in(REMOTE), remote)).isEqualTo(side.in("10.70.0.1"));
        assertThat(sourceSeen(remote, side.in(SERVICE_HERE), pod)).isEqualTo(side.in("10.200.0.1"));
        assertThatThrownBy(() -> sourceSeen(remote, side.in(PRINTER), printer)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void hidesSourcesFromWhatHasNoRouteBack(Side side) throws Exception {
        assertThat(sourceSeen(remote, side.in(PRINTER), printer)).isEqualTo(side.in(UPLINK));
    }

    @ParameterizedTest
    @EnumSource(Side.class)
    void keepsRemotePodsAwayFromTheBridgesOwnAddress(Side side) {
        assertThatThrownBy(() -> sourceSeen(remote, side.in("10.200.0.1"), node))
                .isInstanceOf(IOException.class);
    }

    private static String sourceSeen(Host client, String address, Host server) throws Exception {
        try (ServerSocket listener = server.call(() -> new ServerSocket(PORT));
                Socket socket = client.call(Socket::new)) {
            client.call(() -> {
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), PORT), 1_000);
                return true;
            });
            try (Socket accepted = listener.accept()) {
                return IpAddress.ofBytes(accepted.getInetAddress().getAddress()).toString();
            }
        }
    }
}
