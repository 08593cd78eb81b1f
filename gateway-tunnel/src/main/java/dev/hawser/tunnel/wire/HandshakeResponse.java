// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.wire;

/** Message 2, the response that completes a handshake. */
public final class HandshakeResponse extends MacedMessage {
    /** Length in bytes. */
    public static final int LENGTH = 92;

    private static final int RECEIVER = 8;
    private static final int EPHEMERAL = 12;
    private static final int EPHEMERAL_LENGTH = 32;
    private static final int EMPTY = 44;
    private static final int EMPTY_LENGTH = 16;

    HandshakeResponse(byte[] bytes) {
        super(bytes);
    }

    /**
     * A new response, its MACs still zero.
     *
     * @param sender the sender's index
     * @param receiver the index the initiation named
     * @param ephemeral the sender's ephemeral public key, 32 bytes
     * @param sealedEmpty the sealed empty text, 16 bytes
     */
    public static HandshakeResponse of(int sender, int receiver, byte[] ephemeral, byte[] sealedEmpty) {
        byte[] bytes = allocate(MessageType.RESPONSE, LENGTH)
                .putInt(sender)
                .putInt(receiver)
                .put(EPHEMERAL, ephemeral, 0, EPHEMERAL_LENGTH)
                .put(EMPTY, sealedEmpty, 0, EMPTY_LENGTH)
                .array();
        return new HandshakeResponse(bytes);
    }

    /** The index of the initiation this answers. */
    public int receiver() {
        return index(RECEIVER);
    }

    @Override
    public byte[] ephemeral() {
        return field(EPHEMERAL, EPHEMERAL_LENGTH);
    }

    /** The sealed empty text, 16 bytes. */
    public byte[] sealedEmpty() {
        return field(EMPTY, EMPTY_LENGTH);
    }

    @Override
    public HandshakeResponse withMacs(byte[] mac1, byte[] mac2) {
        return new HandshakeResponse(replaced(mac1, mac2));
    }
}
