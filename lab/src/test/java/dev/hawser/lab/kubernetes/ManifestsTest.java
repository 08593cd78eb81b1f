// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.lab.LabException;
import org.junit.jupiter.api.Test;

class ManifestsTest {
    private final Manifests manifests = new Manifests("/dev/hawser/lab/kubernetes/manifests");

    @Test
    void bringsWhatIsListedInItsOrderAndNothingElse() {
        assertThat(manifests.all()).isEqualTo("kind: Second\n\n---\nkind: First\n");
    }

    @Test
    void bringsSingleFiles() {
        assertThat(manifests.files("first.yaml", "unlisted.yaml")).isEqualTo("kind: First\n\n---\nkind: Unlisted\n");
    }

    @Test
    void saysWhichFileIsMissing() {
        assertThatThrownBy(() -> manifests.files("third.yaml"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("/dev/hawser/lab/kubernetes/manifests/third.yaml");
    }
}
