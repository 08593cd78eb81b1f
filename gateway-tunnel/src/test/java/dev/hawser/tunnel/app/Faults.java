// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import static dev.hawser.lab.net.LinkFaults.CUT;
import static dev.hawser.lab.net.LinkFaults.NONE;

import dev.hawser.lab.net.Host;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.engine.PeerStatus;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.route.Routes;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Every fault that is tried. Status and data are genoa's; the peer is lisbon. */
final class Faults {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String FIREWALL = """
            table ip firewall {
                chain filter { type filter hook %s priority filter; udp dport 51820 drop; udp sport 51820 drop; }
            }
            """;

    private Faults() {}

    /** The wire between the two does something. */
    static List<Fault> ofTheWire() {
        return List.of(
                Fault.noticed("the wire is cut", pair -> pair.link().set(CUT), Faults::repairWire),
                Fault.noticed(
                        "what goes to the peer is lost",
                        pair -> pair.link().there().set(CUT),
                        Faults::repairWire),
                Fault.noticed(
                        "what comes from the peer is lost",
                        pair -> pair.link().back().set(CUT),
                        Faults::repairWire),
                Fault.noticed(
                        "the peer's uplink goes down",
                        pair -> pair.lisbon().host().down("eth0"),
                        pair -> pair.lisbon().host().up("eth0")),
                Fault.degraded(
                        "15 % loss in both directions", pair -> pair.link().set(NONE.losing(0.15)), Faults::repairWire),
                Fault.borne(
                        "30 % of the datagrams are overtaken",
                        pair -> pair.link().set(NONE.reordering(0.3))),
                Fault.borne("every datagram arrives twice", pair -> pair.link().set(NONE.duplicating(1)))
                        .until((pair, since) -> dropped(pair, DropReason.REPLAYED)),
                Fault.borne(
                                "a bit of 3 % of the datagrams is wrong",
                                pair -> pair.link().set(NONE.corrupting(0.03)))
                        .until((pair, since) -> dropped(pair, DropReason.UNAUTHENTICATED)),
                Fault.borne(
                        "150 ms of delay, 50 ms of jitter",
                        pair -> pair.link().set(NONE.delaying(Duration.ofMillis(150), Duration.ofMillis(50)))),
                Fault.mended("the wire fails for a second, three times", Faults::flap));
    }

    /** The path swallows what is too large, without a word. */
    static List<Fault> ofThePathMtu() {
        return List.of(
                swallowing(1400, 1328),
                swallowing(1280, 1216),
                swallowing(1400, 1312).acrossIpv6(),
                swallowing(1280, 1200).acrossIpv6());
    }

    private static Fault swallowing(int above, int leaves) {
        return Fault.mended(
                        "packets above " + above + " bytes vanish",
                        pair -> pair.link().set(NONE.swallowingAbove(above)))
                .until((pair, since) -> pathMtu(pair) == leaves);
    }

    /** Firewalls and addresses on the way. */
    static List<Fault> ofTheWay() {
        return List.of(
                Fault.noticed(
                        "a firewall on the peer's node drops WireGuard",
                        pair -> pair.lisbon().host().nft(FIREWALL.formatted("input")),
                        pair -> removeFirewall(pair.lisbon().host())),
                Fault.noticed(
                        "a firewall on our node drops WireGuard on its way out",
                        pair -> pair.genoa().host().nft(FIREWALL.formatted("output")),
                        pair -> removeFirewall(pair.genoa().host())),
                Fault.mended("the peer gets another address", Faults::moveLisbon),
                Fault.mended("the peer is only to be found at the second of its endpoints", pair -> {
                    Optional<Tai64n> last = pair.lisbon().kill();
                    pair.genoa()
                            .configure(pair.toLisbon(
                                    pair.lisbon().key().publicKey(),
                                    Optional.empty(),
                                    FaultPair.LISBON,
                                    FaultPair.LISBON_LATER));
                    pair.lisbon().configure(pair.toSilentGenoa());
                    moveLisbon(pair);
                    pair.lisbon().restart(last);
                }),
                Fault.borne("2000 forged probes come from the other gateway's address", Faults::forge));
    }

    /** Processes and their memory. */
    static List<Fault> ofTheProcess() {
        return List.of(
                Fault.noticed(
                        "the peer's gateway is dead",
                        pair -> pair.lisbon().kill(),
                        pair -> pair.lisbon().restart()),
                Fault.mended(
                        "the peer's gateway is killed and started again",
                        pair -> pair.lisbon().restart()),
                Fault.mended(
                        "our gateway is killed and started again",
                        pair -> pair.genoa().restart()),
                Fault.mended("the peer is started again with a clock that is an hour behind", pair -> {
                    pair.lisbon().clockError(Duration.ofHours(-1));
                    pair.lisbon().restart();
                }),
                Fault.mended("the peer is started again an hour ahead, and once more with the right clock", pair -> {
                    pair.lisbon().clockError(Duration.ofHours(1));
                    pair.lisbon().restart();
                    FaultPair.await(
                            Duration.ofSeconds(10),
                            () -> pair.lisbon()
                                    .status()
                                    .filter(status -> status.phase() == PeerStatus.Phase.CONNECTED)
                                    .isPresent());
                    pair.lisbon().clockError(Duration.ZERO);
                    pair.lisbon().restart();
                }));
    }

    /** Keys and ranges that the two do not agree on. */
    static List<Fault> ofTheConfiguration() {
        return List.of(
                Fault.noticed(
                        "the peer has a wrong key of ours",
                        pair -> pair.lisbon()
                                .configure(pair.toGenoa(
                                        PrivateKey.generate(RANDOM).publicKey(),
                                        Optional.empty(),
                                        FaultNode.EXTERNAL_CIDR)),
                        Faults::rightGenoa),
                Fault.noticed(
                        "we have a wrong key of the peer",
                        pair -> pair.genoa()
                                .configure(pair.toLisbon(
                                        PrivateKey.generate(RANDOM).publicKey(), Optional.empty(), FaultPair.LISBON)),
                        Faults::rightLisbon),
                Fault.noticed(
                        "only we have a preshared key",
                        pair -> {
                            pair.genoa()
                                    .configure(pair.toLisbon(
                                            pair.lisbon().key().publicKey(),
                                            Optional.of(PresharedKey.fromBase64(PrivateKey.generate(RANDOM)
                                                    .publicKey()
                                                    .toBase64())),
                                            FaultPair.LISBON));
                            pair.lisbon().restart();
                        },
                        Faults::rightLisbon),
                Fault.noticed(
                        "the peer remaps a range that is not ours",
                        pair -> pair.lisbon()
                                .configure(
                                        pair.toGenoa(pair.genoa().key().publicKey(), Optional.empty(), "10.60.0.0/16")),
                        Faults::rightGenoa));
    }

    /** Somebody tidies up on the node. */
    static List<Fault> ofTheNode() {
        return List.of(
                Fault.mended("the route to the peer's pods is deleted", onGenoa("ip", "route", "del", FaultPair.PODS)),
                Fault.mended(
                                "the route to the peer's gateway is deleted",
                                onGenoa("ip", "route", "del", FaultPair.EXTERNAL))
                        .until((pair, since) -> says(pair, FaultPair.EXTERNAL + " dev", "ip", "route")),
                Fault.mended(
                                "the gateway address is deleted",
                                onGenoa("ip", "address", "del", "10.70.0.1/32", "dev", FaultNode.DEVICE))
                        .until((pair, since) -> says(pair, "10.70.0.1/32", "ip", "address")),
                Fault.mended("hawser0 is taken down", onGenoa("ip", "link", "set", FaultNode.DEVICE, "down")),
                Fault.mended("hawser0 is deleted", onGenoa("ip", "link", "del", FaultNode.DEVICE))
                        .until((pair, since) -> pair.genoa().deaths() > 0),
                Fault.mended("the nft table is deleted", onGenoa("nft", "delete", "table", "ip", "hawser"))
                        .until((pair, since) -> pair.genoa().kernelState().contains("table ip hawser")));
    }

    private static Fault.Action onGenoa(String... command) {
        return pair -> pair.genoa().host().run(command);
    }

    private static boolean says(FaultPair pair, String text, String... command) {
        return pair.genoa().host().run(command).stdout().contains(text);
    }

    private static void repairWire(FaultPair pair) {
        pair.link().set(NONE);
    }

    private static void rightGenoa(FaultPair pair) {
        pair.lisbon()
                .configure(pair.toGenoa(pair.genoa().key().publicKey(), Optional.empty(), FaultNode.EXTERNAL_CIDR));
    }

    private static void rightLisbon(FaultPair pair) {
        pair.genoa().configure(pair.toLisbon(pair.lisbon().key().publicKey(), Optional.empty(), FaultPair.LISBON));
    }

    private static void removeFirewall(Host host) {
        host.run("nft", "delete", "table", "ip", "firewall");
    }

    private static void moveLisbon(FaultPair pair) {
        Host host = pair.lisbon().host();
        host.run("ip", "address", "del", FaultPair.LISBON + "/24", "dev", "eth0");
        host.address("eth0", FaultPair.LISBON_LATER + "/24");
    }

    /** The seconds are the fault: the gateways run on real time and real sockets, so the wire must as well. */
    private static void flap(FaultPair pair) throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            pair.link().set(CUT);
            Thread.sleep(1_000);
            pair.link().set(NONE);
            Thread.sleep(1_000);
        }
    }

    private static void forge(FaultPair pair) throws Exception {
        Host node = pair.genoa().host();
        Random random = new Random(5);
        try (DatagramSocket ofNode = node.call(() -> new DatagramSocket(0, InetAddress.ofLiteral("10.70.0.1")))) {
            InetSocketAddress probed = new InetSocketAddress(InetAddress.ofLiteral("10.81.0.1"), Routes.PROBE_PORT);
            byte[] forged = new byte[44];
            for (int i = 0; i < 2_000; i++) {
                random.nextBytes(forged);
                forged[0] = 1;
                forged[1] = (byte) (1 + i % 4);
                ofNode.send(new DatagramPacket(forged, forged.length, probed));
                // A pace that no socket buffer on the way loses: what is to be refused must arrive.
                Thread.sleep(0, 500_000);
            }
        }
    }

    private static boolean dropped(FaultPair pair, DropReason reason) {
        return pair.genoa()
                .status()
                .filter(status -> status.traffic().drops().containsKey(reason))
                .isPresent();
    }

    private static int pathMtu(FaultPair pair) {
        return pair.genoa().status().map(PeerStatus::pathMtu).orElseThrow().orElse(0);
    }
}
