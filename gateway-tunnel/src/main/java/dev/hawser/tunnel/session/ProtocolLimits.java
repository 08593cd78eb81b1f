// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import java.util.concurrent.TimeUnit;

/** The constants of the WireGuard protocol (whitepaper, section 6.1), times in nanoseconds. */
final class ProtocolLimits {
    /** Messages after which a session should be replaced. */
    static final long REKEY_AFTER_MESSAGES = 1L << 60;

    /** Unsigned; messages after which a session must not be used: 2^64 - 2^13 - 1, which leaves the replay window intact. */
    static final long REJECT_AFTER_MESSAGES = -(1L << 13) - 1;

    static final long REKEY_AFTER = TimeUnit.SECONDS.toNanos(120);
    static final long REJECT_AFTER = TimeUnit.SECONDS.toNanos(180);
    static final long REKEY_ATTEMPT = TimeUnit.SECONDS.toNanos(90);
    static final long REKEY_TIMEOUT = TimeUnit.SECONDS.toNanos(5);
    static final long KEEPALIVE_TIMEOUT = TimeUnit.SECONDS.toNanos(10);

    /** Up to a third of a second, so that two peers that start together do not go on colliding. */
    static final long REKEY_JITTER = TimeUnit.MILLISECONDS.toNanos(333);

    /** The age at which a receiving initiator begins anew, early enough to be done before the session is rejected. */
    static final long REKEY_ON_RECEIVE_AFTER = REJECT_AFTER - KEEPALIVE_TIMEOUT - REKEY_TIMEOUT;

    /** The silence after data was sent that makes a session suspect. */
    static final long SUSPECT_AFTER = KEEPALIVE_TIMEOUT + REKEY_TIMEOUT;

    /** Ours, not the protocol's: how long a session that was replaced still opens what was on its way. */
    static final long LINGER = TimeUnit.SECONDS.toNanos(1);

    /** The age at which all keys of a silent peer are wiped. */
    static final long WIPE_AFTER = 3 * REJECT_AFTER;

    /** The time a cookie is used; its maker forgets it after 120 s, five of which may pass on the way. */
    static final long COOKIE_USABLE = TimeUnit.SECONDS.toNanos(115);

    /** The age at which the secret behind our cookies is replaced, and they with it. */
    static final long COOKIE_REFRESH = TimeUnit.SECONDS.toNanos(120);

    /** How long a device that was under load goes on asking for cookies. */
    static final long LOAD_HOLD = TimeUnit.SECONDS.toNanos(1);

    /** Under load, the time between two messages that a source is allowed in the long run. */
    static final long SOURCE_SPACING = TimeUnit.MILLISECONDS.toNanos(50);

    /** Under load, messages that a silent source may send at once. */
    static final int SOURCE_BURST = 5;

    /** Ours: initiations sent in one tick. A thousand peers are called within two seconds, and answers are heard in between. */
    static final int INITIATIONS_PER_TICK = 64;

    /** The least time between two initiations accepted from one peer. */
    static final long INITIATION_SPACING = TimeUnit.MILLISECONDS.toNanos(20);

    private ProtocolLimits() {}
}
