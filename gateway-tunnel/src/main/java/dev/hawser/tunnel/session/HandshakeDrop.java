// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import java.util.Locale;

/** Why a handshake message was not followed. Silence is the answer to all of them; the counters tell the operator. */
public enum HandshakeDrop {
    /** Not a message of type 1 to 3, or of the wrong length. */
    MALFORMED,
    /** mac1 is not for a key of ours: the sender does not know whom it speaks to. */
    WRONG_MAC1,
    /** An initiation that cannot be opened. */
    UNAUTHENTIC_INITIATION,
    /** An initiation by a static key that belongs to no peer. */
    UNKNOWN_PEER,
    /** An initiation not newer than the last: a replay, or the copy that came by another endpoint. */
    STALE_TIMESTAMP,
    /** An initiation less than 20 ms after the last. */
    TOO_FREQUENT,
    /** A response or cookie reply to an index we do not wait for. */
    UNKNOWN_INDEX,
    /** A response that cannot be opened: forged, or the preshared keys differ. */
    UNAUTHENTIC_RESPONSE,
    /** A cookie reply that cannot be opened. */
    UNAUTHENTIC_COOKIE,
    /** We are under load, and mac2 does not prove the sender's address; it was sent a cookie. */
    NO_COOKIE,
    /** We are under load, and more than twenty messages per second came from this address. */
    RATE_LIMITED;

    /** The reason as it stands in metrics and status: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
