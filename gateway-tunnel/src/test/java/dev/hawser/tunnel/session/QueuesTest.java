// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.jce.SunJceAead;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.wire.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A session that several threads seal and open with. */
class QueuesTest {
    private static final int QUEUES = 2;
    private static final int EACH = 20_000;
    private static final int TOGETHER = 100;
    private static final int LENGTH = 16;

    private final CyclicBarrier meeting = new CyclicBarrier(QUEUES);
    private final ExecutorService threads = Executors.newFixedThreadPool(QUEUES);
    private final PrivateKey callerKey = PrivateKey.generate(new Random(1));
    private final PrivateKey calledKey = PrivateKey.generate(new Random(2));
    private final UdpEndpoint callerAt = UdpEndpoint.of(IpAddress.parse("192.0.2.1"), 51_820);
    private final UdpEndpoint calledAt = UdpEndpoint.of(IpAddress.parse("192.0.2.2"), 51_820);
    private final List<byte[]> toCalled = new ArrayList<>();
    private final List<byte[]> toCaller = new ArrayList<>();
    private final WireGuardDevice caller = device(callerKey, toCalled);
    private final WireGuardDevice called = device(calledKey, toCaller);
    private TransportSession sender;
    private TransportSession receiver;

    private static WireGuardDevice device(PrivateKey key, List<byte[]> sent) {
        return new WireGuardDevice(
                new DevicePorts(
                        new SunJceAead(),
                        Curve25519.BOUNCY_CASTLE,
                        new Random(key.hashCode()),
                        (to, datagram) -> sent.add(datagram),
                        SessionEvents.NONE,
                        QUEUES),
                new InitiationClock(Instant.ofEpochSecond(1_000_000), 0, Optional.empty()),
                StaticKeys.only(key));
    }

    @BeforeEach
    void shakeHands() {
        PeerSession session = caller.put(
                new PeerSettings("called", calledKey.publicKey(), PresharedKey.none(), List.of(calledAt), 0));
        called.put(new PeerSettings("caller", callerKey.publicKey(), PresharedKey.none(), List.of(), 0));
        session.requestHandshake();
        caller.tick(0);
        called.receive(toCalled.removeFirst(), callerAt, 0);
        caller.receive(toCaller.removeFirst(), calledAt, 0);
        sender = Objects.requireNonNull(session.sending(0));
        receiver = Objects.requireNonNull(called.sessions().find(sender.remoteIndex()));
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        caller.close();
        called.close();
    }

    /** Each thread is given all datagrams in order, and waits for the other now and then, so that they meet. */
    @Test
    void opensEachDatagramOnceWhicheverThreadHasItFirst() throws Exception {
        List<byte[]> datagrams = new ArrayList<>();
        together(this::seal).forEach(datagrams::addAll);
        datagrams.sort(Comparator.comparingLong(QueuesTest::counter));

        List<Set<Long>> opened = together(queue -> open(queue, datagrams));

        Set<Long> together = new HashSet<>(opened.getFirst());
        together.addAll(opened.getLast());
        assertThat(together).hasSize(QUEUES * EACH);
        assertThat(opened.getFirst().size() + opened.getLast().size()).isEqualTo(QUEUES * EACH);
    }

    @Test
    void sealsNoTwoDatagramsUnderOneCounter() throws Exception {
        Set<Long> counters = new HashSet<>();
        together(this::seal).forEach(all -> all.forEach(datagram -> counters.add(counter(datagram))));

        assertThat(counters).hasSize(QUEUES * EACH);
    }

    private interface Work<T> {
        T of(int queue) throws Exception;
    }

    private <T> List<T> together(Work<T> work) throws Exception {
        List<Callable<T>> calls = new ArrayList<>();
        for (int i = 0; i < QUEUES; i++) {
            int queue = i;
            calls.add(() -> work.of(queue));
        }
        List<T> results = new ArrayList<>();
        for (Future<T> result : threads.invokeAll(calls)) {
            results.add(result.get());
        }
        return results;
    }

    private List<byte[]> seal(int queue) {
        List<byte[]> sealed = new ArrayList<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Transport.OVERHEAD + LENGTH);
            for (int i = 0; i < EACH; i++) {
                int length = sender.seal(queue, buffer, Transport.HEADER, LENGTH, buffer, 0);
                sealed.add(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
            }
        }
        return sealed;
    }

    /** The counters of those that were opened here. */
    private Set<Long> open(int queue, List<byte[]> datagrams) throws Exception {
        Set<Long> opened = new HashSet<>();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Transport.OVERHEAD + LENGTH);
            for (int i = 0; i < datagrams.size(); i++) {
                if (i % TOGETHER == 0) {
                    meeting.await();
                }
                byte[] datagram = datagrams.get(i);
                MemorySegment.copy(datagram, 0, buffer, ValueLayout.JAVA_BYTE, 0, datagram.length);
                int length = receiver.open(queue, 0, buffer, 0, datagram.length, buffer, Transport.HEADER);
                if (length >= 0) {
                    opened.add(counter(datagram));
                } else {
                    assertThat(length).isEqualTo(TransportSession.REPLAYED);
                }
            }
        }
        return opened;
    }

    private static long counter(byte[] datagram) {
        return Transport.counter(MemorySegment.ofArray(datagram), 0);
    }
}
