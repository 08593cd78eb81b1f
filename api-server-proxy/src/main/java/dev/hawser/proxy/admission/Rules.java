// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.admission;

/**
 * Who may come in, and how many of them.
 *
 * @param tunnels of all together
 * @param tunnelsPerSource of one address
 * @param tunnelsPerPeer of all addresses of one peer
 * @param connectsPerSecond of one address, in the long run
 * @param connectBurst of one address at once, after a pause
 * @param pendingDials connections to targets that are being opened, of all together
 */
public record Rules(
        Sources sources,
        int tunnels,
        int tunnelsPerSource,
        int tunnelsPerPeer,
        int connectsPerSecond,
        int connectBurst,
        int pendingDials) {
    public Rules {
        if (tunnels < 1 || tunnelsPerSource < 1 || tunnelsPerPeer < 1 || pendingDials < 1) {
            throw new IllegalArgumentException("a limit below one admits nobody: " + tunnels + ", " + tunnelsPerSource
                    + ", " + tunnelsPerPeer + ", " + pendingDials);
        }
        if (connectsPerSecond < 1 || connectBurst < 1) {
            throw new IllegalArgumentException(
                    "a rate below one admits nobody: " + connectsPerSecond + ", " + connectBurst);
        }
    }

    /** The same rules for other sources. */
    public Rules of(Sources others) {
        return new Rules(
                others, tunnels, tunnelsPerSource, tunnelsPerPeer, connectsPerSecond, connectBurst, pendingDials);
    }
}
