// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import java.util.Locale;

/** Why an open stream ended. */
enum Ending {
    /** Both sides said their last, and everything was delivered. */
    FINISHED,
    CLIENT_BROKE_OFF,
    TARGET_BROKE_OFF,
    /** It carried nothing for too long. */
    IDLE,
    /** It lived as long as one may. */
    LIFETIME,
    /** One side did not read, and there was no memory left to hold more for it. */
    HELD_TOO_MUCH,
    /** The proxy itself was told to end, and its grace was over. */
    STOPPED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
