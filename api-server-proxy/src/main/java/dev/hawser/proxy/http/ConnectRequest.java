// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

/** A complete and valid CONNECT. What its header fields said is not kept: nothing here may depend on it. */
public record ConnectRequest(Authority target) {
    /**
     * The answer once the target is connected, ASCII. No header fields: RFC 9110 section 9.3.6 forbids Content-Length and
     * Transfer-Encoding here, and the next byte already belongs to the target.
     */
    public static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";
}
