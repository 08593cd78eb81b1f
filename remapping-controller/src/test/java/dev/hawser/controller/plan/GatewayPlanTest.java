// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Verdict;
import dev.hawser.api.networking.Announcement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class GatewayPlanTest {
    private static final OwnCluster ROTATING = new OwnCluster(
            "genoa",
            List.of(Samples.PODS),
            List.of(),
            List.of(Samples.EXTERNALS),
            List.of(),
            List.of("old", "next"),
            List.of("198.51.100.2:51820", "198.51.100.2:51821"),
            List.of());

    @Test
    void acknowledgesEverythingWhereThereIsNoPeer() {
        assertThat(GatewayPlan.acknowledged(ROTATING, Map.of()))
                .isEqualTo(new Announcement(ROTATING.publicKeys(), ROTATING.endpoints()));
        assertThat(GatewayPlan.followed(ROTATING, Map.of(), true)).isInstanceOf(Verdict.Holds.class);
    }

    @Test
    void acknowledgesOnlyWhatEveryPeerApplies() {
        Map<String, Announcement> applied = Map.of(
                "lisbon", new Announcement(List.of("next", "old"), ROTATING.endpoints()),
                "porto", new Announcement(List.of("old"), List.of("198.51.100.2:51821")));

        assertThat(GatewayPlan.acknowledged(ROTATING, applied))
                .isEqualTo(new Announcement(List.of("old"), List.of("198.51.100.2:51821")));
        assertThat(GatewayPlan.followed(ROTATING, applied, true).message()).startsWith("porto did not say yet");
    }

    @Test
    void acknowledgesNothingWhileOnePeerNeverSpoke() {
        Map<String, Announcement> applied = Map.of(
                "lisbon", new Announcement(ROTATING.publicKeys(), ROTATING.endpoints()), "porto", Announcement.NOTHING);

        assertThat(GatewayPlan.acknowledged(ROTATING, applied)).isEqualTo(Announcement.NOTHING);
    }

    @Test
    void leavesOutWhatIsAnnouncedNoMore() {
        Announcement former = new Announcement(List.of("older", "old", "next"), ROTATING.endpoints());

        assertThat(GatewayPlan.acknowledged(ROTATING, Map.of("lisbon", former)).publicKeys())
                .containsExactly("old", "next");
    }

    @Test
    void claimsNothingBeforeTheGatewayPublishedTheChange() {
        assertThat(GatewayPlan.followed(ROTATING, Map.of(), false)).isInstanceOf(Verdict.Unknown.class);
    }

    @Test
    void namesFiveOfManyPeersThatAreBehind() {
        Map<String, Announcement> applied = new TreeMap<>();
        for (int i = 0; i < 9; i++) {
            applied.put("peer-" + i, Announcement.NOTHING);
        }

        assertThat(GatewayPlan.followed(ROTATING, applied, true).message()).contains("peer-4 and 4 more");
    }
}
