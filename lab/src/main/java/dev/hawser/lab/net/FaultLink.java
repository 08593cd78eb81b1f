// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import dev.hawser.lab.LabException;
import dev.hawser.lab.linux.Tap;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * A wire between two hosts that does what a bad network does: each direction loses, delays, repeats, reorders, falsifies and
 * swallows frames as its {@link LinkFaults} say, by a seed. This kernel need not have netem for it.
 *
 * <p>Frames pass through this program, so it is no wire for measurements of speed. All methods may be called from any thread.
 */
public final class FaultLink implements AutoCloseable {
    private static final int LOOK_MILLIS = 50;

    private final Tap one;
    private final Tap other;
    private final Direction there;
    private final Direction back;
    private volatile boolean closed;

    private FaultLink(Tap one, Tap other, String name, long seed) {
        this.one = one;
        this.other = other;
        this.there = new Direction(one, other, name + "-there", new FaultDice(seed));
        this.back = new Direction(other, one, name + "-back", new FaultDice(~seed));
    }

    /**
     * Joins two hosts and takes both ends up.
     *
     * @param seed what faults hit is the same for the same seed and the same frames
     */
    static FaultLink between(Host host, String end, Host other, String otherEnd, long seed) {
        try {
            Tap first = host.call(() -> Tap.open(Host.checkedName(end)));
            Tap second = other.call(() -> Tap.open(Host.checkedName(otherEnd)));
            host.up(end);
            other.up(otherEnd);
            FaultLink link = new FaultLink(first, second, host.name() + "-" + other.name(), seed);
            link.there.start();
            link.back.start();
            return link;
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LabException("no fault link between " + host + " and " + other, e);
        }
    }

    /** From the first host to the second. */
    public Direction there() {
        return there;
    }

    /** From the second host to the first. */
    public Direction back() {
        return back;
    }

    /** Does the same to both directions from now on. */
    public void set(LinkFaults faults) {
        there.set(faults);
        back.set(faults);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            there.join();
            back.join();
            one.close();
            other.close();
        }
    }

    /** One direction of the wire. */
    public final class Direction {
        private final Tap from;
        private final Tap to;
        private final FaultDice dice;
        private final PriorityBlockingQueue<FaultDice.Arrival> underWay =
                new PriorityBlockingQueue<>(16, Comparator.comparingLong(FaultDice.Arrival::at));
        private final AtomicLong passed = new AtomicLong();
        private final AtomicLong swallowed = new AtomicLong();
        private final Thread reading;
        private final Thread writing;
        private volatile LinkFaults faults = LinkFaults.NONE;

        private Direction(Tap from, Tap to, String name, FaultDice dice) {
            this.from = from;
            this.to = to;
            this.dice = dice;
            this.reading = Thread.ofPlatform().daemon().name("lab-wire-" + name).unstarted(this::read);
            this.writing = Thread.ofPlatform()
                    .daemon()
                    .name("lab-wire-" + name + "-out")
                    .unstarted(this::write);
        }

        /** Does this to frames from now on; those under way are not touched any more. */
        public void set(LinkFaults next) {
            faults = next;
        }

        /** Frames that arrived, copies included. */
        public long passed() {
            return passed.get();
        }

        /** Frames that did not. */
        public long swallowed() {
            return swallowed.get();
        }

        private void start() {
            reading.start();
            writing.start();
        }

        private void read() {
            while (!closed) {
                byte[] frame = from.read(LOOK_MILLIS);
                if (frame.length > 0) {
                    List<FaultDice.Arrival> arrivals = dice.roll(faults, frame, System.nanoTime());
                    swallowed.addAndGet(arrivals.isEmpty() ? 1 : 0);
                    underWay.addAll(arrivals);
                    LockSupport.unpark(writing);
                }
            }
        }

        private void write() {
            while (!closed) {
                FaultDice.Arrival next = underWay.peek();
                long wait = next == null ? LOOK_MILLIS * 1_000_000L : next.at() - System.nanoTime();
                if (wait > 0) {
                    LockSupport.parkNanos(this, wait);
                } else if (next != null && underWay.remove(next)) {
                    passed.incrementAndGet();
                    to.write(next.frame());
                }
            }
        }

        private void join() {
            try {
                reading.join();
                writing.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
