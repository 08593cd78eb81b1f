// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.Command;
import dev.hawser.tunnel.engine.PeerStatus.Phase;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.session.StaticKeys;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Three clusters with identical ranges of both families, and even the same pod addresses, each on a host with a gateway. Cluster i
 * names cluster j 10.(70 + 10 i + j).0.0/16 and 10.(150 + 10 i + j).0.0/16, fd71:i:j::/56 and fd81:i:j::/112. The last two speak to
 * each other over IPv6.
 */
@RequiresLab
class ThreeGatewaysIT {
    private static final List<String> IDS = List.of("genoa", "3rd-lisbon", "porto");
    private static final String POD = "10.200.0.5";
    private static final String POD6 = "fd00:10:200::5";
    private static final String GATEWAY = "10.70.0.1";
    private static final String GATEWAY6 = "fd00:10:70::1";
    private static final long TRANSFER = 8_000_000;
    private static final int FRAGMENTED = 4_000;
    private static final int BURST = 80;
    private static final Duration SOON = Duration.ofSeconds(45);

    private final Map<String, LabGateway> gateways = new TreeMap<>();
    private NetworkLab lab;
    private Host internet;

    @BeforeEach
    void open() throws Exception {
        lab = NetworkLab.open("three");
        internet = lab.host("internet");
        internet.bridge("net", "192.0.2.254/24");
        for (int i = 0; i < IDS.size(); i++) {
            Host host = lab.host("gateway-" + i);
            lab.link(host, "eth0", internet, "port" + i);
            internet.plug("port" + i, "net");
            host.address("eth0", "192.0.2." + (i + 1) + "/24");
            host.run("ip", "address", "add", underlay6(i) + "/64", "dev", "eth0", "nodad");
            host.address("lo", POD + "/32");
            host.address("lo", POD6 + "/128");
            gateways.put(IDS.get(i), new LabGateway(host));
        }
        // Those that wait for calls first: an initiation that nobody hears is repeated only after five seconds.
        for (int i = IDS.size() - 1; i >= 0; i--) {
            LabGateway gateway = gateway(i);
            gateway.start(config(i));
            gateway.host().address(LabGateway.DEVICE, GATEWAY + "/32");
            gateway.host().address(LabGateway.DEVICE, GATEWAY6 + "/128");
            for (int j = 0; j < IDS.size(); j++) {
                if (i != j) {
                    route(gateway.host(), pods(i, j), POD);
                    route(gateway.host(), external(i, j), GATEWAY);
                    route(gateway.host(), pods6(i, j), POD6);
                    route(gateway.host(), external6(i, j), GATEWAY6);
                }
            }
        }
    }

    @AfterEach
    void close() {
        gateways.values().forEach(LabGateway::close);
        lab.close();
    }

    @Test
    void pingEachOtherUnderRemappedAddresses() {
        for (int i = 0; i < IDS.size(); i++) {
            for (int j = 0; j < IDS.size(); j++) {
                if (i != j) {
                    gateway(i).awaitPhase(IDS.get(j), Phase.CONNECTED, SOON);
                    assertThat(gateway(i).peer(IDS.get(j)).latencyP50()).isPresent();
                }
            }
        }
        for (int i = 0; i < IDS.size(); i++) {
            for (int j = 0; j < IDS.size(); j++) {
                if (i != j) {
                    assertPing(i, j, POD, first(pods(i, j), ".0.0/16", ".0.5"));
                    assertPing(i, j, GATEWAY, first(external(i, j), ".0.0/16", ".0.1"));
                    assertPing(i, j, POD6, first(pods6(i, j), "::/56", "::5"));
                    assertPing(i, j, GATEWAY6, first(external6(i, j), "::/112", "::1"));
                }
            }
        }
        for (int i = 0; i < IDS.size(); i++) {
            for (int j = 0; j < IDS.size(); j++) {
                if (i != j) {
                    PeerStatus peer = gateway(i).peer(IDS.get(j));
                    assertThat(peer.traffic().rxPackets()).isGreaterThanOrEqualTo(8);
                    assertThat(peer.traffic().drops()).isEmpty();
                }
            }
        }
    }

    @Test
    void carryStreamsDatagramsAndErrorsOfBothFamilies() throws Exception {
        gateway(0).awaitPhase(IDS.get(2), Phase.CONNECTED, SOON);
        carry(0, 2, POD, first(pods(0, 2), ".0.0/16", ".0.5"), first(pods(2, 0), ".0.0/16", ".0.5"));
        gateway(1).awaitPhase(IDS.get(2), Phase.CONNECTED, SOON);
        carry(1, 2, POD6, first(pods6(1, 2), "::/56", "::5"), first(pods6(2, 1), "::/56", "::5"));
    }

    /** A stream with its super-packets, a datagram in fragments, a burst of datagrams, and the error about one that nobody takes. */
    private void carry(int i, int j, String pod, String there, String back) throws Exception {
        Host from = gateway(i).host();
        Host to = gateway(j).host();
        long sent = gateway(i).peer(IDS.get(j)).traffic().txBytes();
        long received = gateway(j).peer(IDS.get(i)).traffic().rxBytes();

        TcpTransfer stream = TcpTransfer.run(from, pod, there, to, pod, TRANSFER);
        InetAddress seen = UdpExchange.echo(from, pod, there, to, pod, FRAGMENTED);

        assertThat(stream.received()).isEqualTo(stream.sent());
        assertThat(seen).isEqualTo(InetAddress.getByName(back));
        assertThat(UdpExchange.burst(from, pod, there, to, pod, BURST)).isEqualTo(BURST);
        assertThat(UdpExchange.isRefused(from, pod, there)).isTrue();
        assertThat(gateway(i).peer(IDS.get(j)).traffic().txBytes() - sent).isGreaterThan(TRANSFER + FRAGMENTED);
        assertThat(gateway(j).peer(IDS.get(i)).traffic().rxBytes() - received).isGreaterThan(TRANSFER + FRAGMENTED);
        assertThat(gateway(i).peer(IDS.get(j)).traffic().drops()).isEmpty();
        assertThat(gateway(j).peer(IDS.get(i)).traffic().drops()).isEmpty();
    }

    /** The routes here know nothing of paths, so only the gateway can tell a sender that its packets are too big. */
    @Test
    void tellSendersWhatThePathTakes() throws Exception {
        gateway(0).awaitPhase(IDS.get(1), Phase.CONNECTED, SOON);
        internet.run("ip", "link", "set", "port1", "mtu", "1390");
        LabGateway.await(
                () -> gateway(0).peer(IDS.get(1)).pathMtu().orElse(0) == 1328,
                SOON,
                () -> "path " + gateway(0).peer(IDS.get(1)));

        for (String pod : List.of(POD, POD6)) {
            String there = pod.equals(POD) ? first(pods(0, 1), ".0.0/16", ".0.5") : first(pods6(0, 1), "::/56", "::5");
            long tooBig = tooBig(0, 1);

            TcpTransfer stream =
                    TcpTransfer.run(gateway(0).host(), pod, there, gateway(1).host(), pod, TRANSFER);

            assertThat(stream.received()).isEqualTo(stream.sent());
            assertThat(tooBig(0, 1)).isBetween(tooBig + 1, tooBig + 20);
        }
    }

    /** A node behind a gateway has a pod on a narrower link: what it answers about our packets speaks of its own names for us. */
    @Test
    void bringBackErrorsOfRoutersBehindAGateway() throws Exception {
        Host node = gateway(1).host();
        Host pod = lab.host("pod");
        lab.link(node, "pods", pod, "eth0");
        node.run("ip", "link", "set", "pods", "mtu", "1300");
        node.forward(true);
        node.address("pods", "10.200.1.1/24");
        node.run("ip", "address", "add", "fd00:10:200:1::1/64", "dev", "pods", "nodad");
        pod.address("eth0", "10.200.1.9/24");
        pod.run("ip", "address", "add", "fd00:10:200:1::9/64", "dev", "eth0", "nodad");
        pod.route("default", "10.200.1.1");
        pod.run("ip", "-6", "route", "add", "default", "via", "fd00:10:200:1::1");
        gateway(0).awaitPhase(IDS.get(1), Phase.CONNECTED, SOON);

        learnMtu(POD, first(pods(0, 1), ".0.0/16", ".1.9"), pod, "10.200.1.9");
        learnMtu(POD6, first(pods6(0, 1), "::/56", ":1::9"), pod, "fd00:10:200:1::9");

        assertThat(gateway(1).peer(IDS.get(0)).traffic().drops()).isEmpty();
        assertThat(gateway(0).peer(IDS.get(1)).traffic().drops()).isEmpty();
    }

    private void learnMtu(String source, String dialled, Host pod, String own) throws Exception {
        Host sender = gateway(0).host();

        TcpTransfer stream = TcpTransfer.run(sender, source, dialled, pod, own, TRANSFER);

        assertThat(stream.received()).isEqualTo(stream.sent());
        assertThat(sender.run("ip", "route", "get", dialled, "from", source).stdout())
                .contains(" mtu 1300");
    }

    private long tooBig(int i, int j) {
        return gateway(i).peer(IDS.get(j)).traffic().drops().getOrDefault(DropReason.TOO_BIG, 0L);
    }

    @Test
    void dropAndCountWhatIsNotAllowed() {
        Host genoa = gateway(0).host();
        gateway(0).awaitPhase(IDS.get(1), Phase.CONNECTED, SOON);
        genoa.address("lo", "198.51.100.7/32");

        assertThat(ping(genoa, "198.51.100.7", "10.71.0.5")).contains(" 100% packet loss");
        assertThat(ping(genoa, POD, "10.151.0.99")).contains(" 100% packet loss");

        assertThat(gateway(0).peer(IDS.get(1)).traffic().drops()).containsKey(DropReason.SOURCE_NOT_EXPORTED);
        assertThat(gateway(1).peer(IDS.get(0)).traffic().drops()).containsKey(DropReason.DESTINATION_NOT_EXPOSED);
    }

    @Test
    void noticeAPeerThatGoesAndComesBack() {
        gateway(0).awaitPhase(IDS.get(2), Phase.CONNECTED, SOON);

        gateway(2).host().down("eth0");
        Duration noticed = gateway(0).awaitPhase(IDS.get(2), Phase.CONNECTING, SOON);
        gateway(2).host().up("eth0");
        Duration back = gateway(0).awaitPhase(IDS.get(2), Phase.CONNECTED, SOON);

        assertThat(noticed).isLessThan(Duration.ofSeconds(3));
        assertThat(back).isLessThan(Duration.ofSeconds(6));
        assertThat(gateway(0).peer(IDS.get(1)).phase()).isEqualTo(Phase.CONNECTED);
    }

    private TunnelConfig config(int i) {
        List<PeerConfig> peers = new ArrayList<>();
        for (int j = 0; j < IDS.size(); j++) {
            if (i != j) {
                String underlay = i + j == 3 ? underlay6(j) : "192.0.2." + (j + 1);
                UdpEndpoint endpoint = UdpEndpoint.of(IpAddress.parse(underlay), LabGateway.PORT);
                // Only the one with the smaller number knows where the other is, as with a peer behind a NAT.
                PeerConfig ipv4 = SameRanges.peer(
                        IDS.get(j),
                        gateway(j).key().publicKey(),
                        i < j ? List.of(endpoint) : List.of(),
                        pods(i, j),
                        external(i, j));
                peers.add(SameRanges.dual(ipv4, pods6(i, j), external6(i, j)));
            }
        }
        return new TunnelConfig(
                StaticKeys.only(gateway(i).key()), List.of(LabGateway.PORT), SameRanges.dualSide(), peers);
    }

    private LabGateway gateway(int index) {
        LabGateway gateway = gateways.get(IDS.get(index));
        if (gateway == null) {
            throw new IllegalStateException("no gateway " + index);
        }
        return gateway;
    }

    private static String pods(int here, int there) {
        return "10." + (70 + 10 * here + there) + ".0.0/16";
    }

    private static String external(int here, int there) {
        return "10." + (150 + 10 * here + there) + ".0.0/16";
    }

    private static String pods6(int here, int there) {
        return "fd71:" + (here + 1) + ":" + (there + 1) + "::/56";
    }

    private static String external6(int here, int there) {
        return "fd81:" + (here + 1) + ":" + (there + 1) + "::/112";
    }

    private static String underlay6(int i) {
        return "2001:db8::" + (i + 1);
    }

    /** An address at the beginning of a range. */
    private static String first(String range, String rangeEnd, String addressEnd) {
        return range.replace(rangeEnd, addressEnd);
    }

    private void assertPing(int i, int j, String source, String target) {
        assertThat(ping(gateway(i).host(), source, target))
                .as(
                        "%s pings %s at %s: %s, there %s",
                        IDS.get(i),
                        IDS.get(j),
                        target,
                        gateway(i).peer(IDS.get(j)),
                        gateway(j).peer(IDS.get(i)))
                .contains(" 0% packet loss");
    }

    private static void route(Host host, String destination, String source) {
        host.run("ip", "route", "add", destination, "dev", LabGateway.DEVICE, "src", source);
    }

    /** One request each: with more, ping waits for the last answer only a few round trips, which a busy machine exceeds. */
    private static String ping(Host host, String source, String target) {
        return host.run(Command.of("ping", "-n", "-c", "1", "-W", "2", "-I", source, target))
                .stdout();
    }
}
