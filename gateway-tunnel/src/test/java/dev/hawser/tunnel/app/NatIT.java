// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.engine.PeerStatus;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two gateways at the same private address, each behind a NAT; one router forwards the WireGuard port. */
@RequiresLab
class NatIT {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PRIVATE = "192.168.1.2";
    private static final String FORWARDED = "203.0.113.1";

    private NetworkLab lab;
    private FaultNode genoa;
    private FaultNode lisbon;

    @BeforeEach
    void open() {
        lab = NetworkLab.open("nat");
        Host left = lab.host("genoa");
        Host leftRouter = lab.host("genoa-router");
        Host right = lab.host("lisbon");
        Host rightRouter = lab.host("lisbon-router");
        behind(left, leftRouter);
        behind(right, rightRouter);
        lab.link(leftRouter, "wan", rightRouter, "wan");
        leftRouter.address("wan", FORWARDED + "/24");
        rightRouter.address("wan", "203.0.113.2/24");
        rightRouter.masquerade("wan");
        leftRouter.forward(true);
        leftRouter.nft("""
                table ip home {
                    chain in { type nat hook prerouting priority dstnat; iifname "wan" udp dport 51820 dnat to %s; }
                    chain out { type nat hook postrouting priority srcnat; oifname "wan" masquerade; }
                }
                """.formatted(PRIVATE));
        genoa = new FaultNode(left, "lisbon");
        lisbon = new FaultNode(right, "genoa");
        genoa.configure(peer("lisbon", lisbon.key().publicKey(), List.of(), 0));
        lisbon.configure(peer(
                "genoa",
                genoa.key().publicKey(),
                List.of(UdpEndpoint.of(IpAddress.parse(FORWARDED), FaultNode.PORT)),
                25));
    }

    @AfterEach
    void close() {
        genoa.stop();
        lisbon.stop();
        lab.close();
    }

    @Test
    void findEachOtherThroughTheOneForwardedPortAlsoAfterEitherWasStartedAgain() {
        genoa.start();
        lisbon.start();
        assertThat(connected()).as("%s %s", genoa.status(), lisbon.status()).isTrue();
        assertThat(genoa.status().orElseThrow().endpoint())
                .hasValueSatisfying(endpoint -> assertThat(endpoint.toString()).startsWith("203.0.113.2:"));

        genoa.restart();
        assertThat(connected()).as("%s %s", genoa.status(), lisbon.status()).isTrue();
        lisbon.restart();
        assertThat(connected()).as("%s %s", genoa.status(), lisbon.status()).isTrue();
    }

    private boolean connected() {
        return FaultPair.await(SOON, () -> isConnected(genoa) && isConnected(lisbon));
    }

    private static boolean isConnected(FaultNode node) {
        return node.status()
                .filter(status -> status.phase() == PeerStatus.Phase.CONNECTED)
                .isPresent();
    }

    private void behind(Host host, Host router) {
        lab.link(host, "eth0", router, "lan");
        host.address("eth0", PRIVATE + "/24");
        router.address("lan", "192.168.1.1/24");
        host.route("default", "192.168.1.1");
        host.forward(true);
    }

    private static PeerConfig peer(String id, PublicKey key, List<UdpEndpoint> endpoints, int keepalive) {
        return new PeerConfig(
                id,
                List.of(key),
                endpoints,
                Optional.empty(),
                keepalive,
                List.of(new Remap(Cidr.parse(FaultNode.POD_CIDR), Cidr.parse(FaultPair.PODS))),
                List.of(new Remap(Cidr.parse(FaultNode.EXTERNAL_CIDR), Cidr.parse(FaultPair.EXTERNAL))));
    }
}
