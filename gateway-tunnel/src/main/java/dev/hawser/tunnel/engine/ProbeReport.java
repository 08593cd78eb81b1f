// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.address.Family;
import dev.hawser.tunnel.probe.HealthReport;
import java.util.List;
import java.util.OptionalInt;

/**
 * What probes tell of a peer at one moment, over all families.
 *
 * @param health the figures of its first family; the state is that of all: lost if none returns, degraded if one does not
 * @param silent families whose probes do not return although another one's do
 * @param pathMtu the largest inner packet that reaches the peer in one piece, as far as that is known
 * @param fragments whether larger ones are sent all the same, in fragments of the outer datagram
 */
record ProbeReport(HealthReport health, List<Family> silent, OptionalInt pathMtu, boolean fragments) {
    ProbeReport {
        silent = List.copyOf(silent);
    }
}
