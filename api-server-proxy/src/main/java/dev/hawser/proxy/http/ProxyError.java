// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

import java.util.Locale;

/**
 * The proxy error types of RFC 9209 section 2.3 that this proxy has reason to name. They tell a program at the other end
 * whose fault it was; the sentence beside them tells a person.
 */
public enum ProxyError {
    /** The request itself is at fault. */
    HTTP_REQUEST_ERROR,
    /** The request is understood and not allowed. */
    HTTP_REQUEST_DENIED,
    /** A limit of this proxy is reached. */
    CONNECTION_LIMIT_REACHED,
    CONNECTION_REFUSED,
    CONNECTION_TIMEOUT,
    DESTINATION_UNAVAILABLE,
    DESTINATION_IP_PROHIBITED,
    DNS_ERROR;

    /** The value of the field Proxy-Status. */
    public String field() {
        return "hawser; error=" + name().toLowerCase(Locale.ROOT);
    }
}
