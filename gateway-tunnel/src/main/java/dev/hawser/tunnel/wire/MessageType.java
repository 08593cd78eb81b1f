// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The kinds of message, by the little-endian 32-bit number every datagram begins with (one byte of type, three zeros). */
public enum MessageType {
    /** First message of a handshake. */
    INITIATION(1),
    /** Second message of a handshake. */
    RESPONSE(2),
    /** What a responder under load answers instead. */
    COOKIE_REPLY(3),
    /** A sealed packet. */
    TRANSPORT(4);

    static final int LENGTH = 4;

    private static final ValueLayout.OfInt LITTLE_ENDIAN_INT =
            ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int code;

    MessageType(int code) {
        this.code = code;
    }

    /** The number on the wire. */
    public int code() {
        return code;
    }

    /**
     * The type a datagram claims, or null if it is none of ours or too short or too long for the type. Allocates nothing.
     *
     * @param datagram where it is
     * @param offset its start
     * @param length its length
     */
    public static @Nullable MessageType of(MemorySegment datagram, long offset, int length) {
        if (length < LENGTH) {
            return null;
        }
        return switch (datagram.get(LITTLE_ENDIAN_INT, offset)) {
            case 1 -> length == Initiation.LENGTH ? INITIATION : null;
            case 2 -> length == HandshakeResponse.LENGTH ? RESPONSE : null;
            case 3 -> length == CookieReply.LENGTH ? COOKIE_REPLY : null;
            case 4 -> length >= Transport.OVERHEAD ? TRANSPORT : null;
            default -> null;
        };
    }
}
