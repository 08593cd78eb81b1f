// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.wire.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** What all peers of a device share. Control thread only, except for the ports. */
final class Surroundings {
    private final DevicePorts ports;
    private final IndexRegistry indices;
    private final InitiationClock clock;
    /** Native, since that is what sealing contexts take; a keepalive is as long as an empty datagram. */
    private final MemorySegment scratch = Arena.ofAuto().allocate(Transport.OVERHEAD);

    private Identity identity;
    private Optional<PublicKey> retiring = Optional.empty();
    private int initiationsLeft;

    Surroundings(DevicePorts ports, InitiationClock clock, Identity identity) {
        this.ports = ports;
        this.indices = new IndexRegistry(ports.random());
        this.clock = clock;
        this.identity = identity;
    }

    DevicePorts ports() {
        return ports;
    }

    IndexRegistry indices() {
        return indices;
    }

    InitiationClock clock() {
        return clock;
    }

    /** Who initiates. */
    Identity identity() {
        return identity;
    }

    void identity(Identity identity) {
        this.identity = identity;
    }

    /** A key of ours that no session shall be made with any more, if there is one. */
    Optional<PublicKey> retiring() {
        return retiring;
    }

    void retiring(Optional<PublicKey> key) {
        this.retiring = key;
    }

    /** Begins a tick with its share of initiations. */
    void refillInitiations() {
        initiationsLeft = ProtocolLimits.INITIATIONS_PER_TICK;
    }

    /** Whether another initiation may be made in this tick; else it stays due. */
    boolean takeInitiation() {
        return initiationsLeft-- > 0;
    }

    boolean isOutOfInitiations() {
        return initiationsLeft <= 0;
    }

    /** A random part of a timer, up to a third of a second. */
    long jitter() {
        return ports.random().nextLong(ProtocolLimits.REKEY_JITTER);
    }

    MemorySegment scratch() {
        return scratch;
    }

    byte[] scratchBytes() {
        return scratch.toArray(ValueLayout.JAVA_BYTE);
    }
}
