// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.config;

import dev.hawser.proxy.admission.Rules;
import dev.hawser.proxy.admission.Sources;
import dev.hawser.proxy.http.Authority;
import java.util.List;

/**
 * All that the file says.
 *
 * @param targets where the proxy connects to besides the local API server
 */
public record ProxyConfig(Sources sources, List<Authority> targets, Limits limits, Drain drain) {
    /** What holds where there is no file. */
    public static final ProxyConfig DEFAULT =
            new ProxyConfig(Sources.EVERYBODY, List.of(), Limits.DEFAULT, Drain.DEFAULT);

    public ProxyConfig {
        targets = List.copyOf(targets);
    }

    /**
     * Who is admitted, with no more tunnels than the process can hold.
     *
     * @param capacity tunnels for which there are descriptors
     */
    public Rules rules(int capacity) {
        Rules rules = limits.rules();
        return new Rules(
                sources,
                Math.min(rules.tunnels(), capacity),
                rules.tunnelsPerSource(),
                rules.tunnelsPerPeer(),
                rules.connectsPerSecond(),
                rules.connectBurst(),
                rules.pendingDials());
    }
}
