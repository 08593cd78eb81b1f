// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.admission.Place;
import dev.hawser.proxy.http.Authority;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client and a target joined. Each direction is closed on its own: when one side has said its last, the other is told
 * so once everything before has been delivered, and may go on talking. Confined to one event loop.
 *
 * <p>An end that is not a clean one is passed on as a reset, never as a clean end: a reader must not take a cut stream for a
 * complete one.
 */
final class Stream extends Watch.Living {
    private final End client;
    private final End target;
    private final Watch watch;
    private final Opening opening;
    private final Journal.Account account;
    private final long begin = System.nanoTime();
    private long lastMoved = begin;
    private long toTarget;
    private long toClient;
    private boolean halfClosed;
    private byte directionsClosed;
    private boolean ended;

    /**
     * What is known of a stream when it begins.
     *
     * @param place taken until the stream has ended
     * @param held what all streams hold for sides that do not read
     */
    record Opening(
            Place place,
            @Nullable SocketAddress client,
            Authority target,
            StreamLimits limits,
            Journal journal,
            HeldBytes held) {}

    Stream(End client, End target, Watch watch, Opening opening) {
        this.client = client;
        this.target = target;
        this.watch = watch;
        this.opening = opening;
        this.account = opening.journal().opened(opening.place().peer());
    }

    /**
     * Begins to copy.
     *
     * @param early what the client sent behind its head, now owned by the stream
     */
    void open(ByteBuf early) {
        client.join(this, target);
        target.join(this, client);
        watch.set(this, nextLimit(begin), begin);
        if (early.isReadable()) {
            client.received(early);
            client.flushOther();
        } else {
            early.release();
        }
        target.read();
        if (client.saidItsLast()) {
            // It said its last while the target was being dialled; the event for that is long gone.
            saidItsLast(client);
        } else {
            client.read();
        }
    }

    void moved(End from, int bytes) {
        lastMoved = System.nanoTime();
        if (client.equals(from)) {
            toTarget += bytes;
            account.toTarget(bytes);
        } else {
            toClient += bytes;
            account.toClient(bytes);
        }
    }

    /** One side will send nothing more: pass that on behind what is still on its way. */
    void saidItsLast(End side) {
        if (ended) {
            return;
        }
        lastMoved = System.nanoTime();
        if (!halfClosed) {
            halfClosed = true;
            watch.set(this, nextLimit(lastMoved), lastMoved);
        }
        End listener = client.equals(side) ? target : client;
        if (directionsClosed == 0) {
            listener.sayLast(delivered -> directionClosed(listener, delivered));
        } else {
            listener.finish(delivered -> directionClosed(listener, delivered));
        }
    }

    /** One side is gone without having said its last, or cannot be written to any more. */
    void brokeOff(End side) {
        end(client.equals(side) ? Ending.CLIENT_BROKE_OFF : Ending.TARGET_BROKE_OFF);
    }

    /** There is no memory left for what the other side does not take. */
    void holdsTooMuch() {
        end(Ending.HELD_TOO_MUCH);
    }

    boolean ended() {
        return ended;
    }

    Opening opening() {
        return opening;
    }

    long toTarget() {
        return toTarget;
    }

    long toClient() {
        return toClient;
    }

    long nanos() {
        return System.nanoTime() - begin;
    }

    @Override
    void stop() {
        end(Ending.STOPPED);
    }

    /** A busy stream does not pay for its limits with every read: they are looked at when the time would be over. */
    @Override
    void late(long now) {
        Duration lifetime = opening.limits().lifetime();
        if (!lifetime.isZero() && now - begin - lifetime.toNanos() >= 0) {
            end(Ending.LIFETIME);
        } else if (!idleLimit().isZero() && now - lastMoved - idleLimit().toNanos() >= 0) {
            end(Ending.IDLE);
        } else {
            watch.set(this, nextLimit(now), now);
        }
    }

    private void end(Ending ending) {
        if (ended) {
            return;
        }
        ended = true;
        watch.remove(this);
        client.letGo(opening.held());
        target.letGo(opening.held());
        client.close(ending == Ending.FINISHED);
        target.close(ending == Ending.FINISHED);
        opening.place().release();
        opening.journal().ended(this, account, ending);
    }

    private void directionClosed(End towards, boolean delivered) {
        if (!delivered) {
            brokeOff(towards);
            return;
        }
        directionsClosed++;
        if (directionsClosed == 2) {
            end(Ending.FINISHED);
        }
    }

    private Duration idleLimit() {
        return halfClosed ? opening.limits().halfClosedIdle() : opening.limits().idle();
    }

    /** How long until the next limit could be reached, or zero where there is none. */
    private Duration nextLimit(long now) {
        Duration idle = left(idleLimit(), now - lastMoved);
        Duration life = left(opening.limits().lifetime(), now - begin);
        if (idle.isZero() || life.isZero()) {
            return idle.plus(life);
        }
        return life.compareTo(idle) < 0 ? life : idle;
    }

    /** What is left of a limit, at least something of one that is over; zero of one that is none. */
    private static Duration left(Duration limit, long used) {
        Duration left = limit.minusNanos(used);
        return limit.isZero() ? Duration.ZERO : left.isPositive() ? left : Duration.ofNanos(1);
    }
}
