// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.admission.Denial;
import dev.hawser.proxy.http.ProxyError;
import dev.hawser.proxy.http.Refusal;
import dev.hawser.proxy.http.Status;
import java.util.Locale;

/** Why a client was refused. The lower-case name is the label {@code reason} of the metrics. */
public enum Reason {
    BAD_REQUEST(Outcome.BAD_REQUEST),
    URI_TOO_LONG(Outcome.BAD_REQUEST),
    HEAD_TOO_LARGE(Outcome.BAD_REQUEST),
    VERSION(Outcome.BAD_REQUEST),
    METHOD(Outcome.METHOD_NOT_ALLOWED),
    HEAD_TIME(Outcome.HEAD_TIMEOUT),
    SOURCE(Outcome.REFUSED_SOURCE),
    TARGET(Outcome.REFUSED_TARGET),
    DIAL_FAILED(Outcome.DIAL_FAILED),
    DIAL_TIME(Outcome.DIAL_TIMEOUT),
    RATE(Outcome.OVER_LIMIT),
    SOURCE_TUNNELS(Outcome.OVER_LIMIT),
    SOURCE_SHARE(Outcome.OVER_LIMIT),
    PEER_TUNNELS(Outcome.OVER_LIMIT),
    PEER_SHARE(Outcome.OVER_LIMIT),
    TUNNELS(Outcome.OVER_LIMIT),
    PENDING_DIALS(Outcome.OVER_LIMIT),
    MEMORY(Outcome.OVER_LIMIT),
    DRAINING(Outcome.DRAINING);

    static final Refusal NO_MEMORY = new Refusal(
            Status.SERVICE_UNAVAILABLE,
            ProxyError.CONNECTION_LIMIT_REACHED,
            "No memory is left for what came before the target's answer; send it behind the answer.",
            1);

    private final Outcome outcome;

    Reason(Outcome outcome) {
        this.outcome = outcome;
    }

    /** What it counts as. */
    Outcome outcome() {
        return outcome;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reason behind a refusal of a request's head, its target or its dial. */
    static Reason of(Refusal refusal) {
        return switch (refusal.status()) {
            case BAD_REQUEST -> BAD_REQUEST;
            case URI_TOO_LONG -> URI_TOO_LONG;
            case HEAD_TOO_LARGE -> HEAD_TOO_LARGE;
            case VERSION_NOT_SUPPORTED -> VERSION;
            case METHOD_NOT_ALLOWED -> METHOD;
            case REQUEST_TIMEOUT -> HEAD_TIME;
            case FORBIDDEN -> TARGET;
            case BAD_GATEWAY -> DIAL_FAILED;
            case GATEWAY_TIMEOUT -> DIAL_TIME;
            case TOO_MANY_REQUESTS -> RATE;
            case SERVICE_UNAVAILABLE -> TUNNELS;
        };
    }

    static Reason of(Denial denial) {
        return valueOf(denial.name());
    }

    /** What somebody is told who gets no place. */
    static Refusal refusal(Denial denial, int retryAfterSeconds) {
        String sentence = switch (denial) {
            case SOURCE -> "This proxy serves the peers of its cluster, and this address is of none of them.";
            case RATE -> "This address connects more often than one may; try again a little later.";
            case SOURCE_TUNNELS -> "This address has as many tunnels as one may have.";
            case SOURCE_SHARE -> "Few tunnels are left, and this address has its share of them.";
            case PEER_TUNNELS -> "This peer has as many tunnels as one may have.";
            case PEER_SHARE -> "Few tunnels are left, and this peer has its share of them.";
            case TUNNELS -> "This proxy has as many tunnels as it can hold; try again.";
            case PENDING_DIALS -> "Too many connections wait for their target; try again.";
            case DRAINING -> "This proxy is about to end; try again, another one serves.";
        };
        if (denial == Denial.SOURCE) {
            return new Refusal(Status.FORBIDDEN, ProxyError.HTTP_REQUEST_DENIED, sentence);
        }
        return new Refusal(
                denial.ofTheSource() ? Status.TOO_MANY_REQUESTS : Status.SERVICE_UNAVAILABLE,
                ProxyError.CONNECTION_LIMIT_REACHED,
                sentence,
                retryAfterSeconds);
    }
}
