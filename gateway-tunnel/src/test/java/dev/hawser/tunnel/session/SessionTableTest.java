// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.PrivateKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SessionTableTest {
    private static final PeerSession PEER = new Party(new Network(1), "genoa", 1, PrivateKey.generate(new Random(1)))
            .knows(new Party(new Network(1), "3rd-lisbon", 2, PrivateKey.generate(new Random(2))));

    @Property(tries = 200)
    void agreesWithAMap(@ForAll @Size(max = 120) List<@IntRange(min = -20, max = 20) Integer> steps) {
        SessionTable table = new SessionTable();
        Map<Integer, TransportSession> oracle = new HashMap<>();

        for (int step : steps) {
            int index = colliding(step);
            if (oracle.remove(index) != null) {
                table.remove(index);
            } else {
                TransportSession session = session(index);
                oracle.put(index, session);
                table.add(session);
            }
        }

        for (int i = -20; i <= 20; i++) {
            assertThat(table.find(colliding(i))).isSameAs(oracle.get(colliding(i)));
        }
    }

    /** All want the last slot of any table of this size, so that probes collide and wrap around. */
    private static int colliding(int number) {
        return (number << 7) - 1;
    }

    private static TransportSession session(int index) {
        return new TransportSession(
                PEER,
                PEER.settings().publicKey(),
                new TransportSession.Indices(index, 0, true),
                Party.silent(),
                new TransportKeys(new byte[32], new byte[32]),
                0);
    }
}
