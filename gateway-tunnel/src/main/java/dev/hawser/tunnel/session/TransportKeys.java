// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import java.util.Arrays;

/** The two keys a handshake ends with, as seen from one side. Wiped by {@link #close}. */
final class TransportKeys implements AutoCloseable {
    private final byte[] sending;
    private final byte[] receiving;

    /** Takes the arrays over; nobody else keeps them. */
    TransportKeys(byte[] sending, byte[] receiving) {
        this.sending = sending;
        this.receiving = receiving;
    }

    byte[] sending() {
        return sending;
    }

    byte[] receiving() {
        return receiving;
    }

    @Override
    public void close() {
        Arrays.fill(sending, (byte) 0);
        Arrays.fill(receiving, (byte) 0);
    }

    @Override
    public String toString() {
        return "TransportKeys[redacted]";
    }
}
