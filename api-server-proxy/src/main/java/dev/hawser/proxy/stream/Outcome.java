// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.http.Status;
import java.util.Locale;

/** What became of one client's request. The lower-case name is the label {@code outcome} of the metrics. */
public enum Outcome {
    CONNECTED,
    BAD_REQUEST,
    METHOD_NOT_ALLOWED,
    HEAD_TIMEOUT,
    REFUSED_TARGET,
    DIAL_FAILED,
    DIAL_TIMEOUT,
    OVER_LIMIT,
    /** The client left before there was anything to decide or to answer. */
    ABANDONED;

    /** The outcome that a refusal with this status means. */
    static Outcome of(Status status) {
        return switch (status) {
            case BAD_REQUEST, URI_TOO_LONG, HEAD_TOO_LARGE, VERSION_NOT_SUPPORTED -> BAD_REQUEST;
            case METHOD_NOT_ALLOWED -> METHOD_NOT_ALLOWED;
            case REQUEST_TIMEOUT -> HEAD_TIMEOUT;
            case FORBIDDEN -> REFUSED_TARGET;
            case BAD_GATEWAY -> DIAL_FAILED;
            case GATEWAY_TIMEOUT -> DIAL_TIMEOUT;
            case SERVICE_UNAVAILABLE -> OVER_LIMIT;
        };
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
