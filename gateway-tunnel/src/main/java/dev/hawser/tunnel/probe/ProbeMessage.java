// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * One probe or its answer.
 *
 * <pre>
 *   0  version (1)   1  kind (1 request, 2 reply)   2  zero (2)
 *   4  nonce (8): of the prober's process, so that answers to an earlier one do not count
 *  12  sequence (8)
 *  20  sent at (8): the prober's monotonic nanoseconds, echoed
 *  28  tag (16): HMAC-SHA256, truncated
 * </pre>
 *
 * @param kind what it is
 * @param nonce chosen by the prober at its start
 * @param sequence counts the prober's probes to this peer
 * @param sentNanos when the prober sent it, on its own clock
 */
public record ProbeMessage(Kind kind, long nonce, long sequence, long sentNanos) {
    /** Length on the wire in bytes. */
    public static final int LENGTH = 44;

    private static final int AUTHENTICATED = 28;
    private static final byte VERSION = 1;

    /** Question or answer. */
    public enum Kind {
        /** Asks for an answer. */
        REQUEST(1),
        /** Repeats a request's numbers. */
        REPLY(2);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        private static Optional<Kind> of(byte code) {
            return switch (code) {
                case 1 -> Optional.of(REQUEST);
                case 2 -> Optional.of(REPLY);
                default -> Optional.empty();
            };
        }
    }

    /** The answer to this request. */
    public ProbeMessage reply() {
        return new ProbeMessage(Kind.REPLY, nonce, sequence, sentNanos);
    }

    /** The bytes on the wire. */
    public byte[] sealed(ProbeKey key) {
        byte[] bytes = new byte[LENGTH];
        ByteBuffer.wrap(bytes)
                .put(VERSION)
                .put(kind.code)
                .putShort((short) 0)
                .putLong(nonce)
                .putLong(sequence)
                .putLong(sentNanos);
        key.seal(bytes, AUTHENTICATED);
        return bytes;
    }

    /** Reads what came from a peer; empty unless it has the right form and the peer's own tag. */
    public static Optional<ProbeMessage> opened(byte[] bytes, ProbeKey key) {
        if (bytes.length != LENGTH || bytes[0] != VERSION || bytes[2] != 0 || bytes[3] != 0) {
            return Optional.empty();
        }
        Optional<Kind> kind = Kind.of(bytes[1]);
        if (kind.isEmpty() || !key.verifies(bytes, AUTHENTICATED)) {
            return Optional.empty();
        }
        ByteBuffer view = ByteBuffer.wrap(bytes, 4, AUTHENTICATED - 4);
        return Optional.of(new ProbeMessage(kind.get(), view.getLong(), view.getLong(), view.getLong()));
    }
}
