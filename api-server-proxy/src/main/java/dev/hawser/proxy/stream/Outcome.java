// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import java.util.Locale;

/** What became of one client's request. The lower-case name is the label {@code outcome} of the metrics. */
public enum Outcome {
    CONNECTED,
    BAD_REQUEST,
    METHOD_NOT_ALLOWED,
    HEAD_TIMEOUT,
    REFUSED_SOURCE,
    REFUSED_TARGET,
    DIAL_FAILED,
    DIAL_TIMEOUT,
    OVER_LIMIT,
    /** The proxy was about to end. */
    DRAINING,
    /** The client left before there was anything to decide or to answer. */
    ABANDONED;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
