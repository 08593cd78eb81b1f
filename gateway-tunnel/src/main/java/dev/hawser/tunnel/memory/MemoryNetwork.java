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
import java.util.stream.Stream;

/**
 * A network between in-memory UDP ports: delivers at once and in order, unless the filter loses a datagram.
 *
 * <p><b>Threads:</b> safe for any.
 */
public final class MemoryNetwork {
    private static final class Letter {
        private final UdpEndpoint from;
        private final int to;
        private final byte[] bytes;

        Letter(UdpEndpoint from, int to, byte[] bytes) {
            this.from = from;
            this.to = to;
            this.bytes = bytes;
        }
    }

    private record Place(IpAddress address, int port) {}

    /** A queue, and who waits for it. */
    private static final class Letters {
        private final Queue<Letter> waiting = new ConcurrentLinkedQueue<>();
        private final Gate gate = new Gate();

        void add(Letter letter) {
            waiting.add(letter);
            gate.open();
        }
    }

    private final Map<Place, Port> ports = new ConcurrentHashMap<>();
    private volatile BiPredicate<UdpEndpoint, UdpEndpoint> passes = (from, to) -> true;

    /** Decides from now on which datagrams arrive: source and destination are given. */
    public void deliverOnly(BiPredicate<UdpEndpoint, UdpEndpoint> filter) {
        passes = filter;
    }

    /**
     * Ports of a host, whose letters are spread over queues by their senders.
     *
     * @throws IllegalStateException when one of them is taken
     */
    public UdpPort open(IpAddress address, List<Integer> numbers, int queues) {
        Port opened = new Port(
                address, numbers, Stream.generate(Letters::new).limit(queues).toList());
        opened.settle(List.of());
        return opened;
    }

    private final class Port implements UdpPort {
        private final IpAddress address;
        private final List<Integer> numbers;
        private final List<Letters> queues;

        Port(IpAddress address, List<Integer> numbers, List<Letters> queues) {
            this.address = address;
            this.numbers = List.copyOf(numbers);
            this.queues = queues;
        }

        /** Takes its places; those in the list may be another's. */
        void settle(List<Integer> inherited) {
            for (int number : numbers) {
                if (!inherited.contains(number) && ports.containsKey(new Place(address, number))) {
                    throw new IllegalStateException("port " + number + " is taken");
                }
            }
            numbers.forEach(number -> ports.put(new Place(address, number), this));
        }

        @Override
        public List<Integer> localPorts() {
            return numbers;
        }

        @Override
        public int maxSegments() {
            return 1;
        }

        @Override
        public Outcome send(MemorySegment buffer, long offset, int length, int segmentSize, UdpEndpoint to) {
            int from = numbers.contains(to.localPort()) ? to.localPort() : numbers.getFirst();
            UdpEndpoint here = UdpEndpoint.of(address, from);
            Port destination = ports.get(new Place(to.address(), to.port()));
            if (destination == null) {
                return Outcome.UNREACHABLE;
            }
            int step = segmentSize == 0 ? length : segmentSize;
            for (int at = 0; at < length; at += step) {
                byte[] bytes = new byte[Math.min(step, length - at)];
                MemorySegment.copy(buffer, ValueLayout.JAVA_BYTE, offset + at, bytes, 0, bytes.length);
                if (passes.test(here, to)) {
                    destination.queueOf(here).add(new Letter(here, to.port(), bytes));
                }
            }
            return Outcome.SENT;
        }

        private Letters queueOf(UdpEndpoint from) {
            return queues.get(Math.floorMod(from.hashCode(), queues.size()));
        }

        @Override
        public int receive(int queue, MemorySegment buffer, long offset, int capacity, Arrival arrival) {
            Letter letter = queues.get(queue).waiting.poll();
            if (letter == null) {
                return -1;
            }
            IpAddress source = letter.from.address();
            arrival.set(source.family(), source.high(), source.low(), letter.from.port(), letter.to, 0);
            int length = Math.min(capacity, letter.bytes.length);
            MemorySegment.copy(letter.bytes, 0, buffer, ValueLayout.JAVA_BYTE, offset, length);
            return length;
        }

        @Override
        public void await(int queue, int timeoutMillis) {
            queues.get(queue).gate.await(timeoutMillis);
        }

        /** The new port reads on where this one stopped. */
        @Override
        public UdpPort reopen(List<Integer> others) {
            Port next = new Port(address, others, queues);
            next.settle(numbers);
            return next;
        }

        @Override
        public void wake() {
            queues.forEach(queue -> queue.gate.open());
        }

        @Override
        public void close() {
            numbers.forEach(number -> ports.remove(new Place(address, number), this));
            wake();
        }
    }
}
