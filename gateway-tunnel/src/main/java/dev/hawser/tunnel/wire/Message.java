// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.wire;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;

/** A message of the control plane: an immutable value over its own copy of the bytes. */
public abstract sealed class Message permits MacedMessage, CookieReply {
    private final byte[] bytes;

    Message(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a datagram of type 1, 2 or 3.
     *
     * @return empty if it is none of these, or of the wrong length
     */
    public static Optional<Message> parse(byte[] datagram) {
        MessageType type = MessageType.of(MemorySegment.ofArray(datagram), 0, datagram.length);
        if (type == null) {
            return Optional.empty();
        }
        return switch (type) {
            case INITIATION -> Optional.of(new Initiation(datagram.clone()));
            case RESPONSE -> Optional.of(new HandshakeResponse(datagram.clone()));
            case COOKIE_REPLY -> Optional.of(new CookieReply(datagram.clone()));
            case TRANSPORT -> Optional.empty();
        };
    }

    /** A copy of the datagram. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    int index(int offset) {
        return view().getInt(offset);
    }

    byte[] field(int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    private ByteBuffer view() {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static ByteBuffer allocate(MessageType type, int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN).putInt(type.code());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Message that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
