// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.admission;

/** Why a client does not get what it asks for. */
public enum Denial {
    /** Its address is not of a peer. */
    SOURCE,
    /** Its address connects too often. */
    RATE,
    /** Its address has as many tunnels as one may have. */
    SOURCE_TUNNELS,
    /** Few places are left, and its address has at least as many as are left. */
    SOURCE_SHARE,
    /** Its peer has as many tunnels as one may have. */
    PEER_TUNNELS,
    /** Few places are left, and its peer has at least as many as are left. */
    PEER_SHARE,
    /** There is no place for anybody. */
    TUNNELS,
    /** Too many dials wait for their target. */
    PENDING_DIALS,
    /** The proxy is about to end. */
    DRAINING;

    /** Whether it is the source's own doing, so that others fare better. */
    public boolean ofTheSource() {
        return switch (this) {
            case SOURCE, RATE, SOURCE_TUNNELS, SOURCE_SHARE -> true;
            case PEER_TUNNELS, PEER_SHARE, TUNNELS, PENDING_DIALS, DRAINING -> false;
        };
    }
}
