// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.memory;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.port.Arrival;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.port.UdpPort;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiPredicate;

/**
 * A network between in-memory UDP ports: delivers at once and in order, unless the filter loses a datagram.
 *
 * <p><b>Threads:</b> safe for any.
 */
public final class MemoryNetwork {
    private static final class Letter {
        private final UdpEndpoint from;
        private final byte[] bytes;

        Letter(UdpEndpoint from, byte[] bytes) {
            this.from = from;
            this.bytes = bytes;
        }
    }

    private record Place(IpAddress address, int port) {}

    private final Map<Place, Port> ports = new ConcurrentHashMap<>();
    private volatile BiPredicate<UdpEndpoint, UdpEndpoint> passes = (from, to) -> true;

    /** Decides from now on which datagrams arrive: source and destination are given. */
    public void deliverOnly(BiPredicate<UdpEndpoint, UdpEndpoint> filter) {
        passes = filter;
    }

    /** A host's port with that address. */
    public UdpPort open(IpAddress address, int port) {
        Port opened = new Port(address, port);
        ports.put(new Place(address, port), opened);
        return opened;
    }

    private final class Port implements UdpPort {
        private final IpAddress address;
        private final int number;
        private final Gate gate = new Gate();
        private final Queue<Letter> letters = new ConcurrentLinkedQueue<>();

        Port(IpAddress address, int number) {
            this.address = address;
            this.number = number;
        }

        @Override
        public List<Integer> localPorts() {
            return List.of(number);
        }

        @Override
        public int maxSegments() {
            return 1;
        }

        @Override
        public Outcome send(MemorySegment buffer, long offset, int length, int segmentSize, UdpEndpoint to) {
            UdpEndpoint here = UdpEndpoint.of(address, number);
            Port destination = ports.get(new Place(to.address(), to.port()));
            if (destination == null) {
                return Outcome.UNREACHABLE;
            }
            int step = segmentSize == 0 ? length : segmentSize;
            for (int at = 0; at < length; at += step) {
                byte[] bytes = new byte[Math.min(step, length - at)];
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, offset + at, bytes, 0, bytes.length);
                if (passes.test(here, to)) {
                    destination.letters.add(new Letter(here, bytes));
                    destination.gate.open();
                }
            }
            return Outcome.SENT;
        }

        @Override
        public int receive(MemorySegment buffer, long offset, int capacity, Arrival arrival) {
            Letter letter = letters.poll();
            if (letter == null) {
                return -1;
            }
            IpAddress source = letter.from.address();
            arrival.set(source.family(), source.high(), source.low(), letter.from.port(), number, 0);
            int length = Math.min(capacity, letter.bytes.length);
            MemorySegment.copy(letter.bytes, 0, buffer, ValueLayout.JAVA_BYTE, offset, length);
            return length;
        }

        @Override
        public void await(int timeoutMillis) {
            gate.await(timeoutMillis);
        }

        @Override
        public void wake() {
            gate.open();
        }

        @Override
        public void close() {
            ports.remove(new Place(address, number), this);
            gate.open();
        }
    }
}
