// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

/**
 * How much of a head is read before it is refused.
 *
 * @param headBytes the whole head with its line ends
 * @param requestLineBytes the request line alone
 * @param fields the number of header fields
 */
public record HeadLimits(int headBytes, int requestLineBytes, int fields) {
    /** Many times what any client sends: kubectl's head has about 120 bytes, and 1.5 KiB with a bearer token for the proxy. */
    public static final HeadLimits DEFAULT = new HeadLimits(8192, 1024, 64);
}
