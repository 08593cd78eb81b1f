// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said to which program, and in which order. */
class NodePlumbingTest {
    private static final String NODE = """
            2: hawser0: <POINTOPOINT,MULTICAST,NOARP,UP> mtu 1420 qdisc pfifo_fast state DOWN group default qlen 500
                inet 10.70.0.1/32 scope global hawser0
            10.71.0.0/16 dev hawser0 scope link
            unreachable 10.71.0.0/16 metric 65000
            """;

    private final List<String> said = new ArrayList<>();
    private String ip = NODE;
    private String rules = "";
    private int nft;

    @Test
    void loadsRulesBeforeItAddsRoutes() {
        ip = "";
        plumbing().apply(node());

        assertThat(said.getFirst()).startsWith("nft: table ip hawser\ndelete table ip hawser\ntable ip hawser {");
        assertThat(said.getLast()).isEqualTo("ip: route add unreachable 10.71.0.0/16 metric 65000 proto 72\n");
    }

    @Test
    void removesRoutesThenRulesAndRefusesUntilTheEnd() {
        plumbing().close();

        assertThat(said)
                .containsExactly(
                        "ip: route del 10.71.0.0/16 dev hawser0 proto 72\naddress del 10.70.0.1/32 dev hawser0\n",
                        "nft: table ip hawser\ndelete table ip hawser\n",
                        "nft: table ip6 hawser\ndelete table ip6 hawser\n",
                        "ip: route del unreachable 10.71.0.0/16 metric 65000 proto 72\n");
    }

    @Test
    void removesWhatItCanWhenOneStepFails() {
        nft = 1;
        plumbing().close();

        assertThat(said).hasSize(4).last().isEqualTo("ip: route del unreachable 10.71.0.0/16 metric 65000 proto 72\n");
    }

    @Test
    void addsNothingAgainAfterItsEnd() {
        NodePlumbing plumbing = plumbing();
        plumbing.close();
        said.clear();

        plumbing.apply(node());
        plumbing.repair();

        assertThat(said).isEmpty();
    }

    @Test
    void doesNothingWhileTheNodeLooksAsItShould() {
        NodePlumbing plumbing = settled();

        plumbing.repair();
        plumbing.repair();

        assertThat(said).isEmpty();
        assertThat(plumbing.problem()).isEmpty();
    }

    @Test
    void putsBackARouteThatSomebodyTook() {
        NodePlumbing plumbing = settled();
        ip = NODE.replace("10.71.0.0/16 dev hawser0 scope link\n", "");

        plumbing.repair();

        assertThat(said).containsExactly("ip: route add 10.71.0.0/16 dev hawser0 proto 72\n");
        assertThat(plumbing.unrouted()).containsExactly(Cidr.parse("10.71.0.0/16"));

        ip = NODE;
        plumbing.repair();

        assertThat(plumbing.problem()).isEmpty();
        assertThat(plumbing.unrouted()).isEmpty();
    }

    @Test
    void loadsRulesAgainThatSomebodyChanged() {
        NodePlumbing plumbing = settled();
        rules = "table ip hawser {}";

        plumbing.repair();

        assertThat(said).singleElement().asString().startsWith("nft: table ip hawser\n");
        said.clear();
        plumbing.repair();
        assertThat(said).isEmpty();
    }

    @Test
    void findsANodeWrongThatLooksTheSameWhenOtherThingsAreWanted() {
        NodePlumbing plumbing = settled();

        plumbing.apply(NodeNetwork.empty(1420));

        assertThat(said.getFirst()).isEqualTo("""
                ip: route del 10.71.0.0/16 dev hawser0 proto 72
                route del unreachable 10.71.0.0/16 metric 65000 proto 72
                address del 10.70.0.1/32 dev hawser0
                """);
    }

    private NodePlumbing settled() {
        NodePlumbing plumbing = plumbing();
        plumbing.apply(node());
        // Once more, for IPv6 was asked about once.
        plumbing.repair();
        assertThat(plumbing.problem()).isEmpty();
        said.clear();
        return plumbing;
    }

    private NodePlumbing plumbing() {
        return new NodePlumbing("hawser0", 1420, (input, words) -> {
            boolean asks = input.isEmpty() || input.contains(" show ");
            if (!asks) {
                said.add(words[0] + ": " + input);
            }
            String output = !asks ? "" : words[0].equals("ip") ? ip : rules;
            return new Commands.Result(words[0].equals("nft") ? nft : 0, output, "");
        });
    }

    private static NodeNetwork node() {
        return new NodeNetwork(
                1420,
                List.of(IpAddress.parse("10.70.0.1")),
                List.of(Cidr.parse("10.200.0.0/16")),
                List.of(Cidr.parse("10.71.0.0/16")),
                List.of());
    }
}
