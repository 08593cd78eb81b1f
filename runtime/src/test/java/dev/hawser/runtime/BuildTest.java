// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class BuildTest {
    @Test
    void isUnpackagedOutsideOfAnImage() {
        assertThat(Build.current().id()).isEqualTo(Build.UNPACKAGED);
    }

    @Test
    void namesVersionAndId() {
        assertThat(Build.of("1.2.3", "0a1b", Optional.of("0a1b"))).hasToString("1.2.3 build 0a1b");
        assertThat(Build.of("1.2.3", Build.UNPACKAGED, Optional.empty())).hasToString("1.2.3");
    }

    @Test
    void refusesCodeThatIsNotWhatWasDelivered() {
        assertThatThrownBy(() -> Build.of("1.2.3", "old", Optional.of("new")))
                .isInstanceOf(BuildException.class)
                .hasMessageContainingAll("build old", "build new", "stale", "build jar, cache and image again");
    }

    @Test
    void refusesAnIdWithoutItsFileAndAFileWithoutItsId() {
        assertThatThrownBy(() -> Build.of("1.2.3", "old", Optional.empty())).isInstanceOf(BuildException.class);
        assertThatThrownBy(() -> Build.of("1.2.3", Build.UNPACKAGED, Optional.of("new")))
                .isInstanceOf(BuildException.class);
    }
}
