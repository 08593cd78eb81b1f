// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.wire;

/** Message 3, a cookie that proves the ownership of an address to a responder under load. */
public final class CookieReply extends Message {
    /** Length in bytes. */
    public static final int LENGTH = 64;

    private static final int RECEIVER = 4;
    private static final int NONCE = 8;
    private static final int NONCE_LENGTH = 24;
    private static final int COOKIE = 32;
    private static final int COOKIE_LENGTH = 32;

    CookieReply(byte[] bytes) {
        super(bytes);
    }

    /**
     * A new cookie reply.
     *
     * @param receiver the sender index of the message that is answered
     * @param nonce 24 random bytes
     * @param sealedCookie the sealed cookie, 32 bytes
     */
    public static CookieReply of(int receiver, byte[] nonce, byte[] sealedCookie) {
        byte[] bytes = allocate(MessageType.COOKIE_REPLY, LENGTH)
                .putInt(receiver)
                .put(NONCE, nonce, 0, NONCE_LENGTH)
                .put(COOKIE, sealedCookie, 0, COOKIE_LENGTH)
                .array();
        return new CookieReply(bytes);
    }

    /** The sender index of the message that is answered. */
    public int receiver() {
        return index(RECEIVER);
    }

    /** The nonce of the sealed cookie, 24 bytes. */
    public byte[] nonce() {
        return field(NONCE, NONCE_LENGTH);
    }

    /** The sealed cookie, 32 bytes. */
    public byte[] sealedCookie() {
        return field(COOKIE, COOKIE_LENGTH);
    }
}
