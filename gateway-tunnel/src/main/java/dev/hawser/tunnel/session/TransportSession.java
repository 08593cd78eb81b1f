// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.OpeningKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.crypto.SealingKey;
import dev.hawser.tunnel.wire.Transport;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One pair of transport keys with its indices, counters and replay window.
 *
 * <p><b>Threads:</b> {@link #seal} and {@link #open} belong to the threads of their queues, each of which has a cipher context of its
 * own here; everything else that is not a plain accessor to the control thread, which has one for keepalives. Senders share the
 * counter and so need no lock; receivers share the replay window, which has one where there are several. The control thread
 * may close a session while the others still hold it: they are then refused.
 *
 * <p><b>Buffers:</b> native segments of the caller. Nothing is allocated per packet.
 */
public final class TransportSession {
    /** Result of {@link #seal}: the session can no longer be used. Look for another. */
    public static final int UNUSABLE = -1;

    /** Result of {@link #open}: the tag is wrong, or the key is gone. */
    public static final int UNAUTHENTIC = -1;

    /** Result of {@link #open}: authentic, but received before or too old to tell. */
    public static final int REPLAYED = -2;

    /** Result of {@link #open}: the session is older than 180 seconds, or its counter is used up. */
    public static final int EXPIRED = -3;

    private final PeerSession peer;
    private final PublicKey ownKey;
    private final int localIndex;
    private final int remoteIndex;
    private final boolean initiator;
    private final long createdNanos;
    private final AtomicLong sendCounter = new AtomicLong();
    private final SealingKey[] sealing;
    private final SealingKey keepaliveSealing;
    private final OpeningKey[] opening;
    private final ReplayWindow window = new ReplayWindow();

    /** Makes a session from fresh keys, which the caller wipes afterwards. */
    TransportSession(
            PeerSession peer, PublicKey ownKey, Indices indices, DevicePorts ports, TransportKeys keys, long now) {
        this.peer = peer;
        this.ownKey = ownKey;
        this.localIndex = indices.local();
        this.remoteIndex = indices.remote();
        this.initiator = indices.initiator();
        this.createdNanos = now;
        AeadProvider aead = ports.aead();
        this.sealing = new SealingKey[ports.queues()];
        this.opening = new OpeningKey[ports.queues()];
        Arrays.setAll(sealing, queue -> aead.sealing(keys.sending()));
        Arrays.setAll(opening, queue -> aead.opening(keys.receiving()));
        this.keepaliveSealing = aead.sealing(keys.sending());
    }

    /**
     * What names a session on either side.
     *
     * @param local the index the peer sends to
     * @param remote the index we send to
     * @param initiator whether we began the handshake
     */
    record Indices(int local, int remote, boolean initiator) {}

    /** Whose session this is. */
    public PeerSession peer() {
        return peer;
    }

    /** The static key of ours that its handshake was made with. */
    public PublicKey ownKey() {
        return ownKey;
    }

    /** The index by which the peer names this session. */
    public int localIndex() {
        return localIndex;
    }

    /** The index by which we name it to the peer. */
    public int remoteIndex() {
        return remoteIndex;
    }

    /** Whether we began its handshake. */
    public boolean isInitiator() {
        return initiator;
    }

    /** When its keys were made. */
    public long createdNanos() {
        return createdNanos;
    }

    /** Whether it is too old, or has sent too much, to send or receive anything. */
    public boolean isExpired(long now) {
        return now - createdNanos >= ProtocolLimits.REJECT_AFTER
                || Long.compareUnsigned(sendCounter.get(), ProtocolLimits.REJECT_AFTER_MESSAGES) >= 0;
    }

    /**
     * Seals a packet into a datagram: header, ciphertext, tag.
     *
     * @param queue that of the thread, from 0
     * @param source where the padded packet is
     * @param sourceOffset its start; in place if it lies 16 bytes behind the target's start in the same segment, else the two
     *     ranges must not overlap
     * @param length its length with padding
     * @param target where the datagram goes
     * @param targetOffset its start; {@code length + 32} bytes are written
     * @return the datagram's length, or {@link #UNUSABLE}
     */
    public int seal(
            int queue, MemorySegment source, long sourceOffset, int length, MemorySegment target, long targetOffset) {
        return seal(sealing[queue], source, sourceOffset, length, target, targetOffset);
    }

    /** Seals an empty packet. Control thread only. */
    int sealKeepalive(MemorySegment target) {
        return seal(keepaliveSealing, target, Transport.HEADER, 0, target, 0);
    }

    /** Seals a packet that does not come from the device; as {@link #seal}, but for the control thread only. */
    public int sealAside(MemorySegment source, long sourceOffset, int length, MemorySegment target, long targetOffset) {
        return seal(keepaliveSealing, source, sourceOffset, length, target, targetOffset);
    }

    private int seal(
            SealingKey key, MemorySegment source, long sourceOffset, int length, MemorySegment target, long offset) {
        long counter = sendCounter.getAndIncrement();
        if (Long.compareUnsigned(counter, ProtocolLimits.REJECT_AFTER_MESSAGES) >= 0) {
            sendCounter.set(ProtocolLimits.REJECT_AFTER_MESSAGES);
            return UNUSABLE;
        }
        Transport.writeHeader(target, offset, remoteIndex, counter);
        boolean sealed = key.seal(counter, source, sourceOffset, length, target, offset + Transport.HEADER);
        return sealed ? length + Transport.OVERHEAD : UNUSABLE;
    }

    /**
     * Opens a datagram and guards against replay.
     *
     * @param queue that of the thread, from 0
     * @param now the time of the batch
     * @param datagram where it is; type and length were checked, and its index led here
     * @param offset its start
     * @param length its length, header and tag included
     * @param target where the padded packet goes: in place at {@code offset + 16} of the same segment, or elsewhere without
     *     overlap
     * @param targetOffset its start
     * @return the padded packet's length (0 for a keepalive), or {@link #UNAUTHENTIC}, {@link #REPLAYED} or {@link #EXPIRED}
     */
    public int open(
            int queue,
            long now,
            MemorySegment datagram,
            long offset,
            int length,
            MemorySegment target,
            long targetOffset) {
        long counter = Transport.counter(datagram, offset);
        if (now - createdNanos >= ProtocolLimits.REJECT_AFTER
                || Long.compareUnsigned(counter, ProtocolLimits.REJECT_AFTER_MESSAGES) >= 0) {
            return EXPIRED;
        }
        int sealedLength = length - Transport.HEADER;
        if (!opening[queue].open(counter, datagram, offset + Transport.HEADER, sealedLength, target, targetOffset)) {
            return UNAUTHENTIC;
        }
        return isFresh(counter) ? sealedLength - Transport.TAG : REPLAYED;
    }

    /** Who moves elsewhere may come out of another queue, while the last from there is still in the first. */
    private boolean isFresh(long counter) {
        if (opening.length == 1) {
            return window.accept(counter);
        }
        synchronized (window) {
            return window.accept(counter);
        }
    }

    /** Whether its initiator should replace it because of its age or use; asked with the time of the last send. */
    boolean wantsRekeyOnSend(long lastSent) {
        return initiator
                && (lastSent - createdNanos >= ProtocolLimits.REKEY_AFTER
                        || Long.compareUnsigned(sendCounter.get(), ProtocolLimits.REKEY_AFTER_MESSAGES) >= 0);
    }

    /** Whether its initiator should replace it because the peer still uses it shortly before it ends. */
    boolean wantsRekeyOnReceive(long lastReceived) {
        return initiator && lastReceived - createdNanos >= ProtocolLimits.REKEY_ON_RECEIVE_AFTER;
    }

    /** Wipes the keys. Control thread only. */
    void close() {
        for (SealingKey key : sealing) {
            key.close();
        }
        keepaliveSealing.close();
        for (OpeningKey key : opening) {
            key.close();
        }
    }

    @Override
    public String toString() {
        return "TransportSession[" + Integer.toHexString(localIndex) + " of " + peer + "]";
    }
}
