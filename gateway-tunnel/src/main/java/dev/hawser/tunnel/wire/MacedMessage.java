// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.wire;

import java.nio.ByteBuffer;

/**
 * A handshake message: it ends in two 16-byte MACs, mac1 over everything before it, mac2 over everything before it, mac1
 * included.
 */
public abstract sealed class MacedMessage extends Message permits Initiation, HandshakeResponse {
    /** Length of either MAC in bytes. */
    public static final int MAC_LENGTH = 16;

    private final int mac1Offset;

    MacedMessage(byte[] bytes) {
        super(bytes);
        this.mac1Offset = bytes.length - 2 * MAC_LENGTH;
    }

    /** The sender's index for the session to be. */
    public int sender() {
        return index(MessageType.LENGTH);
    }

    /** The sender's ephemeral public key, 32 bytes. */
    public abstract byte[] ephemeral();

    /** What mac1 covers. */
    public byte[] coveredByMac1() {
        return field(0, mac1Offset);
    }

    /** What mac2 covers. */
    public byte[] coveredByMac2() {
        return field(0, mac1Offset + MAC_LENGTH);
    }

    /** The proof that the sender knows whom it speaks to. */
    public byte[] mac1() {
        return field(mac1Offset, MAC_LENGTH);
    }

    /** The proof that the sender owns its address, or zeros. */
    public byte[] mac2() {
        return field(mac1Offset + MAC_LENGTH, MAC_LENGTH);
    }

    byte[] replaced(byte[] mac1, byte[] mac2) {
        byte[] bytes = toBytes();
        ByteBuffer.wrap(bytes).put(mac1Offset, mac1).put(mac1Offset + MAC_LENGTH, mac2);
        return bytes;
    }

    /** The same message with other MACs. */
    public abstract MacedMessage withMacs(byte[] mac1, byte[] mac2);
}
