// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.lab.net.Host;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What {@code wg show DEVICE dump} says of a tunnel with one peer.
 *
 * @param privateKey of the device
 * @param publicKey of the device
 * @param listenPort of the device
 * @param peer its public key
 * @param presharedKey as text, {@code (none)} without
 * @param endpoint as text, {@code (none)} without
 * @param allowed ranges
 * @param handshake seconds since 1970, or 0
 * @param received bytes
 * @param sent bytes
 * @param keepalive seconds as text, or {@code off}
 */
record WgDump(
        String privateKey,
        String publicKey,
        String listenPort,
        String peer,
        String presharedKey,
        String endpoint,
        Set<String> allowed,
        long handshake,
        long received,
        long sent,
        String keepalive) {
    static WgDump of(Host host, String device) {
        List<String[]> lines = host.run("wg", "show", device, "dump")
                .stdout()
                .lines()
                .map(line -> line.split("\t", -1))
                .toList();
        if (lines.size() != 2) {
            throw new AssertionError(device + " has " + (lines.size() - 1) + " peers instead of one");
        }
        String[] own = lines.getFirst();
        String[] peer = lines.getLast();
        return new WgDump(
                own[0],
                own[1],
                own[2],
                peer[0],
                peer[1],
                peer[2],
                Arrays.stream(peer[3].split(",")).collect(Collectors.toSet()),
                Long.parseLong(peer[4]),
                Long.parseLong(peer[5]),
                Long.parseLong(peer[6]),
                peer[7]);
    }
}
