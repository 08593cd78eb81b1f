// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One probe or its answer.
 *
 * <pre>
 *   0  version (1)   1  kind (1 request, 2 reply, 3 and 4 the same of a size)   2  size (2), 0 for kinds 1 and 2
 *   4  nonce (8): of the prober's process, so that answers to an earlier one do not count
 *  12  sequence (8)
 *  20  sent at (8): the prober's monotonic nanoseconds, echoed
 *  28  tag (16): HMAC-SHA256, truncated
 *  44  zeros, in a request of a size only, as many as make its packet that long
 * </pre>
 *
 * @param kind what it is
 * @param nonce chosen by the prober at its start
 * @param sequence counts the prober's probes to this peer
 * @param sentNanos when the prober sent it, on its own clock
 * @param size length of the IP packet whose passage is asked for or confirmed; 0 in a probe that asks for none
 */
public record ProbeMessage(Kind kind, long nonce, long sequence, long sentNanos, int size) {
    /** Length on the wire in bytes, without the zeros behind it. */
    public static final int LENGTH = 44;

    private static final int AUTHENTICATED = 28;
    private static final byte VERSION = 1;
    private static final int LONGEST = 65_535;

    /** Refuses a size where there is none, and none where there must be one. */
    public ProbeMessage {
        if (size < 0 || size > LONGEST || kind.asksForSize() != (size > 0)) {
            throw new IllegalArgumentException("a probe of kind " + kind + " cannot have the size " + size);
        }
    }

    /** A probe without a size, or the answer to one. */
    public ProbeMessage(Kind kind, long nonce, long sequence, long sentNanos) {
        this(kind, nonce, sequence, sentNanos, 0);
    }

    /** Question or answer. */
    public enum Kind {
        /** Asks for an answer. */
        REQUEST(1),
        /** Repeats a request's numbers. */
        REPLY(2),
        /** Asks whether a packet of its size arrives. */
        SIZE_REQUEST(3),
        /** Says that it did. */
        SIZE_REPLY(4);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        boolean asksForSize() {
            return this == SIZE_REQUEST || this == SIZE_REPLY;
        }

        private static Optional<Kind> of(byte code) {
            return switch (code) {
                case 1 -> Optional.of(REQUEST);
                case 2 -> Optional.of(REPLY);
                case 3 -> Optional.of(SIZE_REQUEST);
                case 4 -> Optional.of(SIZE_REPLY);
                default -> Optional.empty();
            };
        }
    }

    /** The answer to this request. */
    public ProbeMessage reply() {
        Kind answer = kind.asksForSize() ? Kind.SIZE_REPLY : Kind.REPLY;
        return new ProbeMessage(answer, nonce, sequence, sentNanos, size);
    }

    /** The bytes on the wire. */
    public byte[] sealed(ProbeKey key) {
        byte[] bytes = new byte[LENGTH];
        ByteBuffer.wrap(bytes)
                .put(VERSION)
                .put(kind.code)
                .putShort((short) size)
                .putLong(nonce)
                .putLong(sequence)
                .putLong(sentNanos);
        key.seal(bytes, AUTHENTICATED);
        return bytes;
    }

    /** Reads what came from a peer; empty unless it has the right form and the peer's own tag. */
    public static Optional<ProbeMessage> opened(byte[] bytes, ProbeKey key) {
        if (bytes.length < LENGTH || bytes[0] != VERSION) {
            return Optional.empty();
        }
        ByteBuffer view = ByteBuffer.wrap(bytes, 2, AUTHENTICATED - 2);
        int size = Short.toUnsignedInt(view.getShort());
        Optional<Kind> kind = Kind.of(bytes[1]).filter(each -> each.asksForSize() == (size > 0));
        boolean mayBeLonger = kind.filter(Kind.SIZE_REQUEST::equals).isPresent();
        if (kind.isEmpty() || (bytes.length > LENGTH && !mayBeLonger) || !key.verifies(bytes, AUTHENTICATED)) {
            return Optional.empty();
        }
        return Optional.of(new ProbeMessage(kind.get(), view.getLong(), view.getLong(), view.getLong(), size));
    }
}
