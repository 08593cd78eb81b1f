// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The connection preface of an HTTP/2 client with prior knowledge (RFC 9113 section 3.4), recognised byte by byte. No
 * request of HTTP/1.1 begins like it. Used once and by one thread.
 */
public final class Preface {
    private static final byte[] TEXT = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private int matched;

    /** Takes the next byte; false where the bytes so far are no beginning of the preface. That byte does not count. */
    public boolean push(byte next) {
        if (next != TEXT[matched]) {
            return false;
        }
        matched++;
        return true;
    }

    /** Whether all of it has been seen. */
    public boolean complete() {
        return matched == TEXT.length;
    }

    /** A copy of the bytes of the preface that have been seen: who looked for it in vain reads them as something else. */
    public byte[] seen() {
        return Arrays.copyOf(TEXT, matched);
    }
}
