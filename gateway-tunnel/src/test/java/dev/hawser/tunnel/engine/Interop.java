// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.session.StaticKeys;
import dev.hawser.tunnel.uapi.UapiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Our engine and a wireguard-go, one link apart, without any remap; and what is to be seen of them. */
final class Interop implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int OTHER_PORT = 51_999;
    private static final int BYTES = 1_000_000;
    private static final String OUR_SOCKET = "hawser-" + ProcessHandle.current().pid() % 1_000_000;
    private static final List<Cidr> OURS = List.of(Cidr.parse("10.93.1.0/24"), Cidr.parse("fd00:93:1::/64"));
    private static final List<Cidr> THEIRS = List.of(Cidr.parse("10.93.2.0/24"), Cidr.parse("fd00:93:2::/64"));

    /**
     * One way to meet.
     *
     * @param newest whether the other side is the newest wireguard-go, else Debian's
     * @param weCall whether we initiate
     * @param secret whether there is a preshared key
     * @param outer family of the link, 4 or 6
     */
    record Way(boolean newest, boolean weCall, boolean secret, int outer) {
        @Override
        public String toString() {
            return (newest ? "newest" : "Debian's") + (weCall ? ", we call" : ", it calls")
                    + (secret ? ", preshared key" : "") + ", over IPv" + outer;
        }
    }

    final LabGateway ours;
    final StockPeer stock;
    final Host ourHost;
    final Host theirHost;

    private final Way way;
    private final NetworkLab lab = NetworkLab.open("interop");
    private final Optional<PresharedKey> secret;
    private final UapiServer socket;

    Interop(Way way, Path program) throws Exception {
        this.way = way;
        ourHost = lab.host("hawser");
        theirHost = lab.host("stock");
        lab.link(ourHost, "eth0", theirHost, "eth0");
        for (Host host : List.of(ourHost, theirHost)) {
            host.address("eth0", outer(host, 0) + (way.outer() == 4 ? "/24" : "/64"));
        }
        secret = way.secret() ? Optional.of(PresharedKey.generate(new SecureRandom())) : Optional.empty();
        ours = new LabGateway(ourHost);
        stock = new StockPeer(theirHost, program);
        if (way.weCall()) {
            startStock();
            startOurs();
        } else {
            startOurs();
            startStock();
        }
        socket = UapiServer.open(Path.of("/var/run/wireguard"), OUR_SOCKET, ours.engine());
    }

    private void startOurs() throws Exception {
        UdpEndpoint there = UdpEndpoint.of(IpAddress.parse(outer(theirHost, 0)), LabGateway.PORT);
        PeerConfig peer = new PeerConfig(
                "stock",
                List.of(stock.key.publicKey()),
                way.weCall() ? List.of(there) : List.of(),
                secret,
                0,
                THEIRS.stream().map(range -> new Remap(range, range)).toList(),
                List.of());
        ours.start(new TunnelConfig(
                StaticKeys.only(ours.key()),
                List.of(LabGateway.PORT),
                new LocalSide(OURS, List.of(), List.of()),
                List.of(peer)));
        ourHost.address(LabGateway.DEVICE, "10.93.1.1/32");
        ourHost.address(LabGateway.DEVICE, "fd00:93:1::1/128");
        THEIRS.forEach(range -> ourHost.run("ip", "route", "add", range.toString(), "dev", LabGateway.DEVICE));
    }

    private void startStock() throws IOException {
        String[] call = way.weCall()
                ? new String[0]
                : new String[] {
                    "endpoint", text(outer(ourHost, 0)) + ":" + LabGateway.PORT, "persistent-keepalive", "25"
                };
        stock.peer(ours.key(), secret, OURS.stream().map(Cidr::toString).toList(), call);
        theirHost.address(stock.device(), "10.93.2.1/24");
        theirHost.address(stock.device(), "fd00:93:2::1/64");
        OURS.forEach(range -> theirHost.run("ip", "route", "add", range.toString(), "dev", stock.device()));
    }

    /** An address of the link; each host has several to move to. */
    private String outer(Host host, int number) {
        int last = (host == ourHost ? 1 : 2) + 10 * number;
        return way.outer() == 4 ? "192.0.2." + last : "2001:db8::" + last;
    }

    private static String text(String address) {
        return address.indexOf(':') < 0 ? address : "[" + address + "]";
    }

    void awaitHandshake() {
        LabGateway.await(() -> ours.peer("stock").sinceHandshake().isPresent(), SOON, () -> "no handshake with " + way);
        assertThat(ours.engine().status().handshakeDrops()).isEmpty();
    }

    /** Carries a megabyte each way within both families. */
    void exchange() throws Exception {
        for (List<String> inner : List.of(List.of("10.93.1.1", "10.93.2.1"), List.of("fd00:93:1::1", "fd00:93:2::1"))) {
            TcpTransfer there = TcpTransfer.run(ourHost, inner.getFirst(), theirHost, inner.getLast(), BYTES);
            TcpTransfer back = TcpTransfer.run(theirHost, inner.getLast(), ourHost, inner.getFirst(), BYTES);
            assertThat(there.received()).isEqualTo(there.sent());
            assertThat(back.received()).isEqualTo(back.sent());
        }
        assertThat(ours.peer("stock").traffic().txBytes()).isGreaterThan(2 * BYTES);
        assertThat(ours.peer("stock").traffic().rxBytes()).isGreaterThan(2 * BYTES);
    }

    /** Holds what {@code wg} says of us against what it says of the other side. */
    void compareWithWg() {
        WgDump we = WgDump.of(ourHost, OUR_SOCKET);
        WgDump they = stock.show();

        assertThat(we.privateKey()).isEqualTo(ours.key().toBase64());
        assertThat(we.publicKey()).isEqualTo(they.peer());
        assertThat(we.peer()).isEqualTo(they.publicKey());
        assertThat(we.listenPort()).isEqualTo(String.valueOf(LabGateway.PORT));
        assertThat(we.presharedKey()).isEqualTo(they.presharedKey());
        assertThat(we.presharedKey().equals("(none)")).isNotEqualTo(way.secret());
        assertThat(we.allowed()).isEqualTo(Set.of("10.93.2.0/24", "fd00:93:2::/64"));
        assertThat(we.keepalive()).isEqualTo("off");
        assertThat(Math.abs(we.handshake() - they.handshake())).isLessThanOrEqualTo(1);
        System.out.printf(
                "OUT: %s: we got %d, they sent %d; we sent %d, they got %d; %s%n",
                way,
                we.received(),
                they.sent(),
                we.sent(),
                they.received(),
                ours.peer("stock").traffic());
        // wireguard-go counts padding and keepalives as well; Debian's loses packets before it counts them.
        assertThat((double) we.received() / they.sent()).isBetween(0.8, 1.25);
        assertThat((double) we.sent() / they.received()).isBetween(0.8, 1.25);
    }

    /** The other side gets another port; it is heard there, and answered. */
    void theyChangePort() {
        stock.listen(OTHER_PORT);
        ping(theirHost, "10.93.1.1");
        assertThat(ours.peer("stock").endpoint())
                .hasValueSatisfying(at -> assertThat(at.port()).isEqualTo(OTHER_PORT));
        ping(ourHost, "10.93.2.1");
    }

    /** The other side gets another address, which it notices after 15 seconds at the latest; it is heard there, and answered. */
    void theyMove() {
        move(theirHost);
        ping(theirHost, "10.93.1.1");
        assertThat(ours.peer("stock").endpoint())
                .hasValueSatisfying(at -> assertThat(at.address()).isEqualTo(IpAddress.parse(outer(theirHost, 1))));
        ping(ourHost, "10.93.2.1");
    }

    /** We get another address; the other side follows us. */
    void weMove() {
        move(ourHost);
        ping(ourHost, "10.93.2.1");
        assertThat(stock.show().endpoint()).startsWith(text(outer(ourHost, 1)) + ":");
        ping(theirHost, "10.93.1.1");
    }

    private void move(Host host) {
        String length = way.outer() == 4 ? "/24" : "/64";
        // In this order: with its first IPv4 address a network loses all others.
        host.run("ip", "address", "del", outer(host, 0) + length, "dev", "eth0");
        host.address("eth0", outer(host, 1) + length);
    }

    /** Makes a new session at our wish, and shows that it is used. */
    void rekey() {
        long before = stock.show().handshake();
        UdpEndpoint there = ours.peer("stock").endpoint().orElseThrow();
        LabGateway.await(
                () -> {
                    ours.engine().move(stock.key.publicKey(), there);
                    return ours.peer("stock").sinceHandshake().orElseThrow().compareTo(Duration.ofSeconds(1)) < 0
                            && stock.show().handshake() > before;
                },
                SOON,
                () -> "no new handshake");
        ping(ourHost, "10.93.2.1");
        ping(theirHost, "10.93.1.1");
    }

    static void ping(Host from, String to) {
        from.run("ping", "-q", "-c", "3", "-i", "0.1", "-w", "40", to);
    }

    @Override
    public void close() throws IOException {
        if (socket != null) {
            socket.close();
        }
        ours.close();
        stock.close();
        lab.close();
    }
}
