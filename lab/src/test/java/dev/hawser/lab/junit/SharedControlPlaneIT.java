// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.lab.kubernetes.ControlPlane;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@RequiresLab
@ExtendWith(SharedControlPlane.class)
class SharedControlPlaneIT {
    private static ControlPlane first;

    @BeforeAll
    static void remember(ControlPlane cluster) {
        first = cluster;
    }

    @Test
    void givesEveryTestTheSameCluster(ControlPlane cluster) {
        assertThat(cluster).isSameAs(first);
        assertThat(cluster.client().raw("/readyz")).isEqualTo("ok");
    }
}
