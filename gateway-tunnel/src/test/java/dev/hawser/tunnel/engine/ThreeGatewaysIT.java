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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Three clusters with identical ranges, and even the same pod address, each on a host with a gateway. Cluster i names cluster j
 * 10.(70 + 10 i + j).0.0/16 and 10.(150 + 10 i + j).0.0/16.
 */
@RequiresLab
class ThreeGatewaysIT {
    private static final List<String> IDS = List.of("genoa", "3rd-lisbon", "porto");
    private static final String POD = "10.200.0.5";
    private static final Duration SOON = Duration.ofSeconds(45);

    private final Map<String, LabGateway> gateways = new TreeMap<>();
    private NetworkLab lab;

    @BeforeEach
    void open() throws Exception {
        lab = NetworkLab.open("three");
        Host internet = lab.host("internet");
        internet.bridge("net", "192.0.2.254/24");
        for (int i = 0; i < IDS.size(); i++) {
            Host host = lab.host("gateway-" + i);
            lab.link(host, "eth0", internet, "port" + i);
            internet.plug("port" + i, "net");
            host.address("eth0", "192.0.2." + (i + 1) + "/24");
            host.address("lo", POD + "/32");
            gateways.put(IDS.get(i), new LabGateway(host));
        }
        // Those that wait for calls first: an initiation that nobody hears is repeated only after five seconds.
        for (int i = IDS.size() - 1; i >= 0; i--) {
            LabGateway gateway = gateway(i);
            gateway.start(config(i));
            gateway.host().address(LabGateway.DEVICE, "10.70.0.1/32");
            for (int j = 0; j < IDS.size(); j++) {
                if (i != j) {
                    route(gateway.host(), pods(i, j), POD);
                    route(gateway.host(), external(i, j), "10.70.0.1");
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
                    String target = pods(i, j).replace("0.0/16", "0.5");
                    assertThat(ping(gateway(i).host(), POD, target))
                            .as(
                                    "%s pings %s at %s: %s, there %s",
                                    IDS.get(i),
                                    IDS.get(j),
                                    target,
                                    gateway(i).peer(IDS.get(j)),
                                    gateway(j).peer(IDS.get(i)))
                            .contains(" 0% packet loss");
                    assertThat(ping(
                                    gateway(i).host(),
                                    "10.70.0.1",
                                    external(i, j).replace("0.0/16", "0.1")))
                            .contains(" 0% packet loss");
                }
            }
        }
        for (int i = 0; i < IDS.size(); i++) {
            for (int j = 0; j < IDS.size(); j++) {
                if (i != j) {
                    PeerStatus peer = gateway(i).peer(IDS.get(j));
                    assertThat(peer.traffic().rxPackets()).isGreaterThanOrEqualTo(4);
                    assertThat(peer.traffic().drops()).isEmpty();
                }
            }
        }
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
                UdpEndpoint endpoint = UdpEndpoint.of(IpAddress.parse("192.0.2." + (j + 1)), LabGateway.PORT);
                // Only the one with the smaller number knows where the other is, as with a peer behind a NAT.
                peers.add(SameRanges.peer(
                        IDS.get(j),
                        gateway(j).key().publicKey(),
                        i < j ? List.of(endpoint) : List.of(),
                        pods(i, j),
                        external(i, j)));
            }
        }
        return SameRanges.config(gateway(i).key(), LabGateway.PORT, peers.toArray(PeerConfig[]::new));
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

    private static void route(Host host, String destination, String source) {
        host.run("ip", "route", "add", destination, "dev", LabGateway.DEVICE, "src", source);
    }

    /** One request each: with more, ping waits for the last answer only a few round trips, which a busy machine exceeds. */
    private static String ping(Host host, String source, String target) {
        return host.run(Command.of("ping", "-n", "-c", "1", "-W", "2", "-I", source, target))
                .stdout();
    }
}
