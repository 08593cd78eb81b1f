// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Everything that lives on one event loop, and when it is too late for each of it. Confined to that loop.
 *
 * <p>One timer for all: a timer for each connection would cost two operations on a queue for every connect and some hundred
 * bytes for every idle stream. Nothing is told before its time, and at most a tenth of a second after it, or later if the
 * loop is busy.
 */
final class Watch {
    /** What lives. It is a link of the list itself: an idle stream is to cost as little memory as can be. */
    abstract static class Living {
        private @Nullable Living before;
        private @Nullable Living after;
        private long due;
        private boolean listed;

        /** It is too late. Called on the loop; may set another time. */
        abstract void late(long now);

        /** The proxy admits nobody any more. Called on the loop. */
        void drain() {
            // Most have nobody to tell.
        }

        /** The proxy ends. Called on the loop. */
        abstract void stop();
    }

    private static final long GRAIN = TimeUnit.MILLISECONDS.toNanos(100);
    // As good as never, and safe from overflow however long the machine is up.
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final EventLoop loop;
    private @Nullable Living first;
    private int size;
    private @Nullable ScheduledFuture<?> tick;
    private long tickAt;

    Watch(EventLoop loop) {
        this.loop = loop;
    }

    /** How many live. */
    int size() {
        return size;
    }

    /**
     * Lists what lives, or gives it another time.
     *
     * @param after from now on; zero means never
     */
    void set(Living living, Duration after, long now) {
        if (!living.listed) {
            living.listed = true;
            living.after = first;
            if (first != null) {
                first.before = living;
            }
            first = living;
            size++;
        }
        living.due = now + (after.isZero() ? NEVER : Math.min(NEVER, after.toNanos()));
        if (!after.isZero()) {
            plan(living.due, now);
        }
    }

    void remove(Living living) {
        if (!living.listed) {
            return;
        }
        living.listed = false;
        size--;
        if (living.before == null) {
            first = living.after;
        } else {
            living.before.after = living.after;
        }
        if (living.after != null) {
            living.after.before = living.before;
        }
        living.before = null;
        living.after = null;
    }

    /** Tells everything that the proxy admits nobody any more. */
    void drainAll() {
        tellAll(Living::drain);
    }

    /** Tells everything that the proxy ends. */
    void stopAll() {
        tellAll(Living::stop);
    }

    private void tellAll(Consumer<Living> word) {
        List<Living> all = new ArrayList<>(size);
        for (Living each = first; each != null; each = each.after) {
            all.add(each);
        }
        all.stream().filter(each -> each.listed).forEach(word);
    }

    private void plan(long due, long now) {
        if (tick != null) {
            if (tickAt - due <= GRAIN) {
                return;
            }
            tick.cancel(false);
        }
        long wait = Math.max(GRAIN, due - now);
        tickAt = now + wait;
        tick = loop.schedule(this::tick, wait, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        long now = System.nanoTime();
        tick = null;
        List<Living> late = new ArrayList<>();
        long next = now + NEVER;
        for (Living each = first; each != null; each = each.after) {
            if (each.due - now <= 0) {
                late.add(each);
            } else if (each.due - next < 0) {
                next = each.due;
            }
        }
        if (next - now < NEVER / 2) {
            plan(next, now);
        }
        for (Living each : late) {
            // One may have taken another with it.
            if (each.listed) {
                each.late(now);
            }
        }
    }
}
