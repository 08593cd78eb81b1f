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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

    private NetworkLab lab;
    private Host node;
    private Host pod;
    private Host remote;
    private NodePlumbing plumbing;

    @BeforeEach
    void open() {
        lab = NetworkLab.open("sources");
        node = lab.host("node");
        pod = lab.host("pod");
        remote = lab.host("remote");
        node.bridge("cni0", "10.200.0.1/16");
        lab.link(node, "pod1", pod, "eth0");
        node.plug("pod1", "cni0");
        pod.address("eth0", POD + "/16");
        pod.route("default", "10.200.0.1");
        lab.link(node, "hawser0", remote, "eth0");
        remote.address("eth0", REMOTE + "/32");
        remote.run("ip", "route", "add", "10.70.0.1", "dev", "eth0");
        remote.route("default", "10.70.0.1");
        node.bridge("uplink", "192.0.2.7/24");
        node.route("default", "192.0.2.1");
        node.forward(true);
        node.nft(MASQUERADES);
        plumbing = new NodePlumbing("hawser0", 1420, (input, words) -> {
            Output output = node.run(Command.of(words).reading(input));
            return new Commands.Result(output.exit(), output.stdout(), output.stderr());
        });
        plumbing.apply(new NodeNetwork(
                1420,
                List.of(IpAddress.parse("10.70.0.1")),
                List.of(Cidr.parse("10.200.0.0/16")),
                List.of(Cidr.parse("10.71.0.0/16")),
                List.of()));
    }

    @AfterEach
    void close() {
        plumbing.close();
        lab.close();
    }

    @Test
    void keepsSourcesInBothDirectionsAlsoThroughServices() throws Exception {
        assertThat(sourceSeen(pod, REMOTE, remote)).isEqualTo(POD);
        assertThat(sourceSeen(remote, POD, pod)).isEqualTo(REMOTE);
        assertThat(sourceSeen(remote, SERVICE_HERE, pod)).isEqualTo(REMOTE);
        assertThat(sourceSeen(pod, SERVICE_THERE, remote)).isEqualTo(POD);
    }

    @Test
    void leavesTheNodesOwnTrafficMasqueraded() throws Exception {
        assertThat(sourceSeen(node, SERVICE_THERE, remote)).isEqualTo("10.70.0.1");
    }

    @Test
    void isWhatKeepsThem() throws Exception {
        node.run("nft", "delete", "table", "ip", "hawser");

        assertThat(sourceSeen(pod, REMOTE, remote)).isEqualTo("10.70.0.1");
        assertThat(sourceSeen(remote, SERVICE_HERE, pod)).isEqualTo("10.200.0.1");
    }

    @Test
    void keepsRemotePodsAwayFromTheBridgesOwnAddress() {
        assertThatThrownBy(() -> sourceSeen(remote, "10.200.0.1", node)).isInstanceOf(IOException.class);
    }

    private static String sourceSeen(Host client, String address, Host server) throws Exception {
        try (ServerSocket listener = server.call(() -> new ServerSocket(PORT));
                Socket socket = client.call(Socket::new)) {
            client.call(() -> {
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral(address), PORT), 1_000);
                return true;
            });
            try (Socket accepted = listener.accept()) {
                return accepted.getInetAddress().getHostAddress();
            }
        }
    }
}
