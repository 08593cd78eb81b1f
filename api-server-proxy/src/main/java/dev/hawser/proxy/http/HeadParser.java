// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reader of one CONNECT head, byte by byte, so that it cannot matter how the bytes were cut into segments. Strict where
 * RFC 9112 lets a server choose: lines end in CRLF and nothing else, no folded fields, no blank before a colon, no body
 * of any kind, no empty line in front. Whoever sends such things is broken or tries to be understood in two ways.
 *
 * <p>Used once and by one thread. It takes no byte after the head: what follows belongs to the target.
 */
public final class HeadParser {
    /** Where the parser stands after a byte. */
    public sealed interface Progress {
        /** The head goes on. */
        record More() implements Progress {}

        /** The head is complete and valid. */
        record Complete(ConnectRequest request) implements Progress {}

        /** The head is refused; no further byte is taken. */
        record Refused(Refusal refusal) implements Progress {}
    }

    /** Where a parser stands before the first byte, and after every one until the end of the head. */
    public static final Progress MORE = new Progress.More();

    // By table, not by regular expression: those were a tenth of what a connect cost.
    private static final boolean[] TOKEN = Characters.of("!#$%&'*+-.^_`|~", true);
    private static final boolean[] HOST = Characters.of("._~!$&'()*+,;=:%[]-", true);
    private static final String VERSION = "HTTP/1.";

    private enum Part {
        REQUEST_LINE,
        FIELDS,
        OVER
    }

    private final HeadLimits limits;
    private final StringBuilder line = new StringBuilder(160);
    private Part part = Part.REQUEST_LINE;
    private boolean afterReturn;
    private int bytes;
    private int fields;
    private int hosts;
    private boolean hostNeeded;
    private @Nullable Authority target;

    public HeadParser(HeadLimits limits) {
        this.limits = limits;
    }

    /** Takes the next byte. Must not be called again once the answer was anything but {@link Progress.More}. */
    public Progress push(byte next) {
        if (part == Part.OVER) {
            throw new IllegalStateException("the head is over; this byte is not part of it");
        }
        bytes++;
        if (bytes > limits.headBytes()) {
            return refuse(Status.HEAD_TOO_LARGE, "The request head is larger than this proxy reads.");
        }
        if (afterReturn) {
            afterReturn = false;
            return next == '\n' ? lineEnds() : malformed("A line of the request head ends in a bare CR.");
        }
        if (next == '\r') {
            afterReturn = true;
            return MORE;
        }
        if (!allowed(next)) {
            return malformed("The request head contains a byte that must not stand there.");
        }
        if (part == Part.REQUEST_LINE && line.length() == limits.requestLineBytes()) {
            return refuse(Status.URI_TOO_LONG, "The request line is longer than this proxy reads.");
        }
        line.append((char) (next & 0xff));
        return MORE;
    }

    /** Printable ASCII and blanks anywhere; tabs and bytes above ASCII (obs-text) only in fields. */
    private boolean allowed(byte next) {
        return (next >= ' ' && next <= '~') || (part == Part.FIELDS && (next == '\t' || next < 0));
    }

    private Progress lineEnds() {
        String text = line.toString();
        line.setLength(0);
        if (part == Part.REQUEST_LINE) {
            part = Part.FIELDS;
            return requestLine(text);
        }
        return text.isEmpty() ? headEnds() : field(text);
    }

    private Progress requestLine(String text) {
        int methodEnd = text.indexOf(' ');
        int targetEnd = text.lastIndexOf(' ');
        String version = text.substring(targetEnd + 1);
        boolean threeParts =
                methodEnd > 0 && targetEnd > methodEnd + 1 && text.indexOf(' ', methodEnd + 1) == targetEnd;
        if (!threeParts || !Characters.all(TOKEN, text, 0, methodEnd) || !isVersion(version)) {
            return malformed("The request line is not of the form CONNECT host:port HTTP/1.1.");
        }
        if (!version.startsWith(VERSION)) {
            return refuse(
                    Status.VERSION_NOT_SUPPORTED,
                    "This proxy speaks HTTP/1.1, HTTP/1.0, and HTTP/2 after its preface.");
        }
        if (!text.startsWith("CONNECT ")) {
            return refuse(Status.METHOD_NOT_ALLOWED, "This proxy knows the method CONNECT only.");
        }
        hostNeeded = !version.endsWith("0");
        target = Authority.parse(text.substring(methodEnd + 1, targetEnd)).orElse(null);
        return target == null ? malformed("The target of CONNECT is not of the form host:port.") : MORE;
    }

    /** HTTP-name, a digit, a dot and a digit (RFC 9112 section 2.3). */
    private static boolean isVersion(String text) {
        return text.length() == 8
                && text.startsWith("HTTP/")
                && Characters.isDigit(text.charAt(5))
                && text.charAt(6) == '.'
                && Characters.isDigit(text.charAt(7));
    }

    private Progress field(String text) {
        fields++;
        if (fields > limits.fields()) {
            return refuse(Status.HEAD_TOO_LARGE, "The request has more header fields than this proxy reads.");
        }
        // By hand, not by one expression: blanks around the value would make that one quadratic in the head's length.
        int colon = text.indexOf(':');
        if (colon < 1 || !Characters.all(TOKEN, text, 0, colon)) {
            return malformed("A header field is malformed.");
        }
        String value = text.substring(colon + 1).strip();
        return switch (text.substring(0, colon).toLowerCase(Locale.ROOT)) {
            case "host" -> host(value);
            // A CONNECT has no content (RFC 9110 section 9.3.6). One that claims some is the stuff of smuggling.
            case "transfer-encoding" -> malformed("A CONNECT request must not have a Transfer-Encoding.");
            case "content-length" -> value.equals("0") ? MORE : malformed("A CONNECT request must not have content.");
            default -> MORE;
        };
    }

    /** The value is checked and then ignored: RFC 9112 section 3.2 names the request target as what counts. */
    private Progress host(String value) {
        hosts++;
        if (hosts > 1) {
            return malformed("The request has more than one Host field.");
        }
        return !value.isEmpty() && Characters.all(HOST, value, 0, value.length())
                ? MORE
                : malformed("The Host field is malformed.");
    }

    private Progress headEnds() {
        if (target == null || (hostNeeded && hosts == 0)) {
            return malformed("An HTTP/1.1 request needs a Host field.");
        }
        part = Part.OVER;
        return new Progress.Complete(new ConnectRequest(target));
    }

    private Progress malformed(String sentence) {
        return refuse(Status.BAD_REQUEST, sentence);
    }

    private Progress refuse(Status status, String sentence) {
        part = Part.OVER;
        return new Progress.Refused(new Refusal(status, ProxyError.HTTP_REQUEST_ERROR, sentence));
    }
}
