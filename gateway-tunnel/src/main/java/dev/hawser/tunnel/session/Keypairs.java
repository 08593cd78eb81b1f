// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import org.jspecify.annotations.Nullable;

/**
 * The up to three sessions of a peer; an immutable snapshot.
 *
 * <pre>
 *   response received (initiator):  next becomes previous, else current does;  the new one is current
 *   response sent     (responder):  the new one is next;  previous is dropped
 *   packet opened under next:       current becomes previous, next becomes current
 * </pre>
 *
 * @param current what we send with
 * @param previous what packets on their way may still come under
 * @param next what we send with as soon as the peer has shown that it has the key
 */
record Keypairs(
        @Nullable TransportSession current,
        @Nullable TransportSession previous,
        @Nullable TransportSession next) {
    static final Keypairs NONE = new Keypairs(null, null, null);

    Keypairs initiated(TransportSession fresh) {
        return new Keypairs(fresh, next != null ? next : current, null);
    }

    Keypairs responded(TransportSession fresh) {
        return new Keypairs(current, null, fresh);
    }

    Keypairs confirmed(TransportSession used) {
        return used == next ? new Keypairs(used, /* previous= */ current, /* next= */ null) : this;
    }

    boolean contains(TransportSession session) {
        return session == current || session == previous || session == next;
    }
}
