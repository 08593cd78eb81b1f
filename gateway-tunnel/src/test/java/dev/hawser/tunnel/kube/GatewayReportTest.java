// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.ClusterGatewayStatus;
import dev.hawser.api.networking.NodeRoute;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.node.HostRoutes.HostRoute;
import dev.hawser.tunnel.node.NodeNetwork;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GatewayReportTest {
    private static final NodeRoute DOCKER = new NodeRoute("172.17.0.0/16", "docker0", null);
    private static final GatewayPlan PLAN =
            new GatewayPlan(Optional.empty(), NodeNetwork.empty(1408), List.of(), List.of(), Set.of());

    @Test
    void reportsRoutesOutsideOurOwnRangesAndBridgesFirst() {
        GatewayReport report = report(Optional.of(List.of(
                new HostRoute(Cidr.parse("10.8.0.0/24"), "tun0", Optional.of(IpAddress.parse("10.8.1.1"))),
                new HostRoute(Cidr.parse("10.200.0.0/16"), "cni0", Optional.empty()),
                new HostRoute(Cidr.parse("10.70.0.0/16"), "dummy0", Optional.empty()),
                new HostRoute(Cidr.parse("172.17.0.0/16"), "docker0", Optional.empty()))));

        assertThat(report.nodeRoutes()).containsExactly(DOCKER, new NodeRoute("10.8.0.0/24", "tun0", "10.8.1.1"));
    }

    @Test
    void saysWhatItSaidBeforeWhileNobodyKnows() {
        GatewayReport report = report(Optional.empty());

        assertThat(report.nodeRoutes()).containsExactly(DOCKER);
        assertThat(report(Optional.of(List.of())).nodeRoutes()).isEmpty();
    }

    @Test
    void isNotWrittenAgainWhileRoutesStay() {
        HostRoute docker = new HostRoute(Cidr.parse("172.17.0.0/16"), "docker0", Optional.empty());

        assertThat(report(Optional.of(List.of(docker))).standsIn(gateway().getStatus()))
                .isTrue();
        assertThat(report(Optional.of(List.of())).standsIn(gateway().getStatus()))
                .isFalse();
    }

    @Test
    void hasABound() {
        List<HostRoute> many = IntStream.range(0, 200)
                .mapToObj(i -> new HostRoute(Cidr.parse("192.168." + i + ".0/24"), "br" + i, Optional.empty()))
                .toList();

        assertThat(report(Optional.of(many)).nodeRoutes()).hasSize(64);
    }

    private static GatewayReport report(Optional<List<HostRoute>> routes) {
        return GatewayReport.of(gateway(), PLAN, "gateway-0", routes);
    }

    private static ClusterGateway gateway() {
        ClusterGateway gateway = Objects.gateway("genoa");
        gateway.getMetadata().setGeneration(3L);
        gateway.setStatus(
                new ClusterGatewayStatus(List.of(), List.of(), null, "gateway-0", 0, List.of(DOCKER), List.of(), 3L));
        return gateway;
    }
}
