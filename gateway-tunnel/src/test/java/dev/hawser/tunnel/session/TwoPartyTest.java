// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.PrivateKey;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TwoPartyTest {
    private final Network network = new Network(1);
    private final Party genoa = new Party(network, "genoa", 1, PrivateKey.generate(new Random(11)));
    private final Party lisbon = new Party(network, "3rd-lisbon", 2, PrivateKey.generate(new Random(12)));

    @Test
    void carriesPacketsBothWaysAfterOneHandshake() {
        genoa.knows(lisbon);
        lisbon.knows(genoa);
        network.run(1);

        assertThat(genoa.say(lisbon, "ahoy")).isTrue();
        assertThat(lisbon.say(genoa, "ciao")).isTrue();
        network.run(1);

        assertThat(lisbon.heard()).containsExactly("ahoy");
        assertThat(genoa.heard()).containsExactly("ciao");
    }
}
