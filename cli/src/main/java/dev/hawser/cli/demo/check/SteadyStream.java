// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.lab.net.Host;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Numbered datagrams at a steady, low rate from one host to another, to see whether and for how long a path fails.
 *
 * <p>Runs on two threads of its own until it is closed; every method may be called from any thread.
 */
final class SteadyStream implements AutoCloseable {
    private static final int SIZE = 64;
    private static final int SILENCE_MS = 1_500;
    private static final int TICK_MS = 100;

    private final DatagramSocket in;
    private final DatagramSocket out;
    private final InetAddress address;
    private final Duration interval;
    private final Thread sender;
    private final Thread receiver;
    private final AtomicInteger sent = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final ConcurrentSkipListSet<Integer> numbers = new ConcurrentSkipListSet<>();
    private final ConcurrentSkipListMap<Long, Integer> arrivals = new ConcurrentSkipListMap<>();
    private volatile boolean sending = true;
    private volatile boolean receiving = true;

    private SteadyStream(DatagramSocket in, DatagramSocket out, InetAddress address, Duration interval) {
        this.in = in;
        this.out = out;
        this.address = address;
        this.interval = interval;
        this.sender = Thread.ofPlatform().daemon().name("demo-stream-send").start(this::send);
        this.receiver = Thread.ofPlatform().daemon().name("demo-stream-receive").start(this::receive);
    }

    /**
     * Starts to send.
     *
     * @param address where the sender finds the receiver
     * @param interval between two datagrams
     */
    static SteadyStream start(Host sender, Host receiver, String address, Duration interval) throws Exception {
        DatagramSocket in = receiver.call(() -> new DatagramSocket(0));
        DatagramSocket out = sender.call(() -> new DatagramSocket());
        in.setSoTimeout(TICK_MS);
        return new SteadyStream(in, out, InetAddress.getByName(address), interval);
    }

    /** How many the sender's kernel took so far, and how many it refused. */
    int sent() {
        return sent.get();
    }

    /** How many different ones arrived so far. */
    int received() {
        return numbers.size();
    }

    /** Whether one arrived at or after this reading of {@link System#nanoTime}. */
    boolean arrivedSince(long nanos) {
        return arrivals.ceilingEntry(nanos) != null;
    }

    /** The longest time without an arrival since then; the silence that still lasts counts. */
    Duration longestSilence(long since) {
        long longest = 0;
        long last = since;
        for (long arrival : arrivals.tailMap(since).keySet()) {
            longest = Math.max(longest, arrival - last);
            last = arrival;
        }
        return Duration.ofNanos(Math.max(longest, System.nanoTime() - last));
    }

    /** Stops sending, waits for what is on its way, and requires that all that was sent has arrived. */
    void requireNoLoss(String what) throws InterruptedException {
        sending = false;
        sender.join();
        long deadline = System.nanoTime() + Duration.ofMillis(SILENCE_MS).toNanos();
        while (received() < sent() && System.nanoTime() - deadline < 0) {
            Thread.sleep(TICK_MS);
        }
        CheckFailedException.unlessEqual(
                0, refused.get(), "number of datagrams that the sender's kernel refused, " + what);
        CheckFailedException.unless(received() == sent(), received() + " of " + sent() + " datagrams arrived, " + what);
    }

    @Override
    public void close() {
        sending = false;
        receiving = false;
        awaitEnd(sender);
        awaitEnd(receiver);
        out.close();
        in.close();
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send() {
        byte[] payload = new byte[SIZE];
        long start = System.nanoTime();
        for (int number = 0; sending; number++) {
            LockSupport.parkNanos(start + number * interval.toNanos() - System.nanoTime());
            ByteBuffer.wrap(payload).putInt(number);
            try {
                out.send(new DatagramPacket(payload, SIZE, address, in.getLocalPort()));
                sent.incrementAndGet();
            } catch (IOException e) {
                // No route, for example: the stream goes on, and says so when it is asked.
                refused.incrementAndGet();
            }
        }
    }

    private void receive() {
        DatagramPacket packet = new DatagramPacket(new byte[SIZE], SIZE);
        while (receiving) {
            try {
                in.receive(packet);
                int number = ByteBuffer.wrap(packet.getData()).getInt();
                numbers.add(number);
                arrivals.put(System.nanoTime(), number);
            } catch (SocketTimeoutException e) {
                // Silence is what this is here to see.
                Thread.onSpinWait();
            } catch (IOException e) {
                receiving = false;
            }
        }
    }
}
