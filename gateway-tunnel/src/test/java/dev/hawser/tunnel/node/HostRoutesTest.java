// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.node.HostRoutes.HostRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HostRoutesTest {
    private static final String IPV4 = """
            default via 198.51.100.1 dev eth0
            10.8.0.0/24 via 10.8.1.1 dev tun0
            10.71.0.0/16 dev hawser0 proto 72 scope link
            10.99.0.1 dev veth1 scope link
            10.150.0.0/16 proto bgp metric 20
            \tnexthop via 198.51.100.7 dev eth0 weight 1
            \tnexthop via 198.51.100.8 dev eth1 weight 1
            169.254.0.0/16 dev eth0 scope link metric 1000
            172.17.0.0/16 dev docker0 proto kernel scope link src 172.17.0.1 linkdown
            192.168.9.0/24 via inet6 fe80::1 dev eth0
            unreachable 10.71.0.0/16 proto 72 metric 65000
            blackhole 10.200.3.0/26 proto bird
            198.51.100.9 via 198.51.100.1 dev eth0 proto 72 mtu lock 1280
            """;
    private static final String IPV6 = """
            fd00:dead::/64 dev docker0 proto kernel metric 256 pref medium
            fe80::/64 dev eth0 proto kernel metric 256 pref medium
            default via fe80::1 dev eth0 metric 1024 pref medium
            """;

    private final List<String> asked = new ArrayList<>();
    private int exit;
    private final HostRoutes routes = new HostRoutes("hawser0", (_, words) -> {
        asked.add(String.join(" ", words));
        return new Commands.Result(exit, words[1].equals("-4") ? IPV4 : IPV6, "no");
    });

    @Test
    void readsWhatOthersRoute() {
        assertThat(routes.known(0))
                .contains(List.of(
                        route("10.8.0.0/24", "tun0", "10.8.1.1"),
                        route("10.99.0.1/32", "veth1", null),
                        route("10.150.0.0/16", "eth0", "198.51.100.7"),
                        route("172.17.0.0/16", "docker0", null),
                        route("192.168.9.0/24", "eth0", "fe80::1"),
                        route("fd00:dead::/64", "docker0", null)));
    }

    @Test
    void looksOnceAMinute() {
        routes.known(0);
        routes.known(TimeUnit.SECONDS.toNanos(59));
        assertThat(asked).containsExactly("ip -4 route show table main", "ip -6 route show table main");

        routes.known(TimeUnit.SECONDS.toNanos(60));
        assertThat(asked).hasSize(4);
    }

    @Test
    void knowsNothingWhileNothingCanBeRead() {
        exit = 1;
        assertThat(routes.known(0)).isEmpty();
        exit = 0;
        assertThat(routes.known(1)).isEmpty();
        assertThat(routes.known(TimeUnit.MINUTES.toNanos(1))).isPresent();
    }

    private static HostRoute route(String cidr, String device, @Nullable String via) {
        return new HostRoute(Cidr.parse(cidr), device, Optional.ofNullable(via).map(IpAddress::parse));
    }
}
