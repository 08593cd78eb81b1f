// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

/** Damaged copies of real datagrams, thrown at two connected gateways. */
class NoiseOnTheLineTest {
    @Property(tries = 50)
    void disturbsNeitherSessionNorHandshake(@ForAll @Size(min = 1, max = 20) List<Integer> noise) {
        Network network = new Network(1);
        Party genoa = new Party(network, "genoa", 1, PrivateKey.generate(new Random(11)));
        Party lisbon = new Party(network, "3rd-lisbon", 2, PrivateKey.generate(new Random(12)));
        lisbon.knows(genoa, PresharedKey.none(), 0);
        genoa.knows(lisbon);
        network.run(1);
        genoa.say(lisbon, "before");

        for (int each : noise) {
            Network.Datagram original = network.recorded.get(Math.floorMod(each, network.recorded.size()));
            byte[] damaged = original.bytes();
            damaged[Math.floorMod(each >> 8, damaged.length)] ^= (byte) (1 << (each >>> 29));
            lisbon.receive(damaged, genoa.endpoint);
            genoa.receive(damaged, lisbon.endpoint);
        }
        genoa.say(lisbon, "after");
        network.run(1);

        assertThat(lisbon.heard()).containsExactly("before", "after");
        assertThat(genoa.heard()).isEmpty();
    }
}
