// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.wire;

/** Message 1, the initiation of a handshake. */
public final class Initiation extends MacedMessage {
    /** Length in bytes. */
    public static final int LENGTH = 148;

    private static final int EPHEMERAL = 8;
    private static final int EPHEMERAL_LENGTH = 32;
    private static final int STATIC = 40;
    private static final int STATIC_LENGTH = 48;
    private static final int TIMESTAMP = 88;
    private static final int TIMESTAMP_LENGTH = 28;

    Initiation(byte[] bytes) {
        super(bytes);
    }

    /**
     * A new initiation, its MACs still zero.
     *
     * @param sender the sender's index
     * @param ephemeral its ephemeral public key, 32 bytes
     * @param sealedStatic its sealed static public key, 48 bytes
     * @param sealedTimestamp the sealed TAI64N label, 28 bytes
     */
    public static Initiation of(int sender, byte[] ephemeral, byte[] sealedStatic, byte[] sealedTimestamp) {
        byte[] bytes = allocate(MessageType.INITIATION, LENGTH)
                .putInt(sender)
                .put(EPHEMERAL, ephemeral, 0, EPHEMERAL_LENGTH)
                .put(STATIC, sealedStatic, 0, STATIC_LENGTH)
                .put(TIMESTAMP, sealedTimestamp, 0, TIMESTAMP_LENGTH)
                .array();
        return new Initiation(bytes);
    }

    @Override
    public byte[] ephemeral() {
        return field(EPHEMERAL, EPHEMERAL_LENGTH);
    }

    /** The sender's sealed static public key, 48 bytes. */
    public byte[] sealedStatic() {
        return field(STATIC, STATIC_LENGTH);
    }

    /** The sealed TAI64N label, 28 bytes. */
    public byte[] sealedTimestamp() {
        return field(TIMESTAMP, TIMESTAMP_LENGTH);
    }

    @Override
    public Initiation withMacs(byte[] mac1, byte[] mac2) {
        return new Initiation(replaced(mac1, mac2));
    }
}
