// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.http.Authority;
import dev.hawser.proxy.http.ConnectRequest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client and a target joined. Each direction is closed on its own: when one side has said its last, the other is told
 * so once everything before has been delivered, and may go on talking. Confined to one event loop.
 *
 * <p>An end that is not a clean one is passed on as a reset (linger 0), never as a clean end: a reader must not take a
 * cut stream for a complete one.
 */
final class Stream {
    /** The two ends. */
    enum Side {
        CLIENT,
        TARGET
    }

    private final DuplexChannel client;
    private final DuplexChannel target;
    private final Authority authority;
    private final StreamLimits limits;
    private final Journal journal;
    private final @Nullable SocketAddress clientAddress;
    private final long begin = System.nanoTime();
    private long lastMoved = begin;
    private long toTarget;
    private long toClient;
    private boolean halfClosed;
    private int directionsClosed;
    private boolean ended;
    private @Nullable ScheduledFuture<?> idleCheck;

    Stream(DuplexChannel client, DuplexChannel target, Authority authority, StreamLimits limits, Journal journal) {
        this.client = client;
        this.target = target;
        this.authority = authority;
        this.limits = limits;
        this.journal = journal;
        this.clientAddress = client.remoteAddress();
    }

    /**
     * Answers 200 and begins to copy.
     *
     * @param early what the client sent behind its head, now owned by the stream
     */
    void open(ByteBuf early) {
        journal.opened();
        client.pipeline().addLast(new CopyHandler(this, Side.CLIENT, target));
        target.pipeline().addLast(new CopyHandler(this, Side.TARGET, client));
        var _ = client.writeAndFlush(
                ByteBufUtil.writeAscii(client.alloc(), ConnectRequest.ESTABLISHED), client.voidPromise());
        if (early.isReadable()) {
            moved(Side.CLIENT, early.readableBytes());
            var _ = target.writeAndFlush(early, target.voidPromise());
        } else {
            early.release();
        }
        watchIdleness(idleLimit());
        target.config().setAutoRead(true);
        if (client.isInputShutdown()) {
            // It said its last while the target was being dialled; the event for that is long gone.
            saidItsLast(Side.CLIENT);
        } else if (target.isWritable()) {
            client.config().setAutoRead(true);
        }
    }

    void moved(Side from, int bytes) {
        lastMoved = System.nanoTime();
        switch (from) {
            case CLIENT -> {
                toTarget += bytes;
                journal.toTarget(bytes);
            }
            case TARGET -> {
                toClient += bytes;
                journal.toClient(bytes);
            }
        }
    }

    /** One side will send nothing more: pass that on behind what is still on its way. */
    void saidItsLast(Side side) {
        if (ended) {
            return;
        }
        lastMoved = System.nanoTime();
        if (!halfClosed) {
            halfClosed = true;
            // The shorter limit holds from now on; the check that is pending knows only the longer one.
            watchIdleness(idleLimit());
        }
        Side other = side == Side.CLIENT ? Side.TARGET : Side.CLIENT;
        DuplexChannel listener = channel(other);
        // shutdownOutput throws away what is queued, so it waits behind an empty write.
        listener.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                listener.shutdownOutput().addListener(closed -> directionClosed(other, closed.isSuccess()));
            }
        });
    }

    /** One side is gone without having said its last, or cannot be written to any more. */
    void brokeOff(Side side) {
        end(side == Side.CLIENT ? Ending.CLIENT_BROKE_OFF : Ending.TARGET_BROKE_OFF);
    }

    void end(Ending ending) {
        if (ended) {
            return;
        }
        ended = true;
        if (idleCheck != null) {
            idleCheck.cancel(false);
        }
        if (ending != Ending.FINISHED) {
            reset(client);
            reset(target);
        }
        var _ = client.close();
        var _ = target.close();
        journal.ended(
                new StreamRecord(clientAddress, authority, ending, toTarget, toClient, System.nanoTime() - begin));
    }

    private void directionClosed(Side towards, boolean delivered) {
        if (!delivered) {
            brokeOff(towards);
            return;
        }
        directionsClosed++;
        if (directionsClosed == 2) {
            end(Ending.FINISHED);
        }
    }

    private DuplexChannel channel(Side side) {
        return switch (side) {
            case CLIENT -> client;
            case TARGET -> target;
        };
    }

    private Duration idleLimit() {
        return halfClosed ? limits.halfClosedIdle() : limits.idle();
    }

    /** One timer for each stream, moved only when it fires: a busy stream must not pay for it with every read. */
    private void watchIdleness(Duration wait) {
        if (idleCheck != null) {
            idleCheck.cancel(false);
        }
        idleCheck = client.eventLoop().schedule(this::checkIdleness, wait.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void checkIdleness() {
        Duration left = idleLimit().minusNanos(System.nanoTime() - lastMoved);
        if (left.isPositive()) {
            watchIdleness(left);
        } else {
            end(Ending.IDLE);
        }
    }

    private static void reset(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
    }
}
