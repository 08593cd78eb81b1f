// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

/**
 * The decision not to connect: a status and one sentence for the person at the other end. The sentence is always one of
 * ours and never repeats what the client sent.
 */
public record Refusal(Status status, String sentence) {
    /** The whole response, ASCII, after which the connection is closed. */
    public String response() {
        return "HTTP/1.1 " + status.code() + ' ' + status.phrase() + "\r\n"
                + extra()
                + "Connection: close\r\n"
                + "Content-Type: text/plain\r\n"
                + "Content-Length: " + (sentence.length() + 1) + "\r\n\r\n"
                + sentence + '\n';
    }

    private String extra() {
        return switch (status) {
            case METHOD_NOT_ALLOWED -> "Allow: CONNECT\r\n";
            case SERVICE_UNAVAILABLE -> "Retry-After: 1\r\n";
            case BAD_REQUEST,
                    FORBIDDEN,
                    REQUEST_TIMEOUT,
                    URI_TOO_LONG,
                    HEAD_TOO_LARGE,
                    BAD_GATEWAY,
                    GATEWAY_TIMEOUT,
                    VERSION_NOT_SUPPORTED -> "";
        };
    }
}
