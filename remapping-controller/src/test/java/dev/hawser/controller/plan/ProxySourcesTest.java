// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxySourcesTest {
    private static final OwnCluster OWN = new OwnCluster(
            "genoa",
            List.of(Samples.PODS),
            List.of(),
            List.of(Samples.EXTERNALS),
            List.of(),
            List.of(),
            List.of(),
            List.of());

    private static Network network(String owner, NetworkPurpose purpose, String granted) {
        Network network = new Network();
        network.setSpec(new NetworkSpec(
                "10.200.0.0/16",
                purpose,
                new OwnerReference("Peering", owner, "pod", "10.200.0.0/16"),
                List.of(),
                null));
        network.setStatus(new NetworkStatus(granted, List.of(), List.of(), List.of(), 1L));
        return network;
    }

    @Test
    void namesEveryPeerByTheRangesItIsKnownBy() {
        ProxySources sources = ProxySources.of(
                List.of("10.0.0.0/8"),
                OWN,
                List.of("203.0.113.2/32"),
                List.of(
                        network("lisbon", NetworkPurpose.Remapped, "10.71.0.0/16"),
                        network("lisbon", NetworkPurpose.Remapped, "10.68.0.0/16"),
                        network("porto", NetworkPurpose.Remapped, "10.72.0.0/16"),
                        network("genoa", NetworkPurpose.External, "10.70.0.0/16")));

        assertThat(sources.admitted()).containsExactly("10.0.0.0/8");
        assertThat(sources.refused())
                .containsExactlyInAnyOrder(Samples.PODS.toString(), Samples.EXTERNALS.toString(), "203.0.113.2/32");
        assertThat(sources.peers()).containsOnlyKeys("lisbon", "porto");
        assertThat(sources.peers().get("lisbon")).containsExactly("10.68.0.0/16", "10.71.0.0/16");
    }

    @Test
    void keepsWhatPeopleWroteAndReplacesWhatIsOurs() {
        ProxySources sources = ProxySources.of(List.of("10.0.0.0/8"), OWN, List.of(), List.of());
        Map<String, Object> limits = Map.of("tunnels", 7);

        Map<String, Object> file = sources.in(Map.of("limits", limits, "sources", Map.of("admitted", List.of("::/0"))));

        assertThat(file).containsEntry("limits", limits).containsOnlyKeys("limits", "sources");
        assertThat(file)
                .extractingByKey("sources")
                .asString()
                .contains("admitted=[10.0.0.0/8]")
                .doesNotContain("::/0");
        assertThat(sources.in(file)).as("once is enough").isEqualTo(file);
    }
}
