// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a stream: what its own channel says is written to the other end. Each buffer passes on with its ownership, and
 * nothing is copied in this process's memory but frames of HTTP/2 and what comes while the other end waits. Confined to the
 * event loop that both channels live on.
 *
 * <p>Back-pressure: as soon as something does not fit into the other side's socket, this one is no longer read until all
 * of it is sent. So a side that does not read costs what was read last, however much is sent; {@link HeldBytes} sees to it
 * that this is little where many do not read.
 *
 * <p>Until it is joined to another end nothing is read from its channel.
 */
abstract class End extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(End.class);
    /**
     * So much is passed on at once, while it is in the processor's cache; smaller reads are passed on together, unless they are
     * small because there is little memory left, and more than one must not wait.
     */
    private static final int LARGE = 16 * 1024;

    private @Nullable Stream stream;
    private @Nullable End other;
    private boolean unflushed;
    /** Bytes of the buffers that were written to the other end since it was flushed last. */
    private long written;
    /** Whether something waits in the other end, so that no more is read. */
    private boolean paused;
    /** What came all the same, for it had left the socket before; joined, for it may be many small pieces. */
    private @Nullable ByteBuf pile;
    /** Whether the side has said its last behind the pile. */
    private boolean lastBehindPile;
    /** Bytes of the buffers in the other end and in the pile, as counted with all others'. */
    private long held;

    final void join(Stream joined, End otherEnd) {
        stream = joined;
        other = otherEnd;
    }

    abstract Channel channel();

    /** Queues bytes, whose ownership passes. A write that fails closes the channel, which is how the stream hears of it. */
    abstract void write(ByteBuf bytes);

    /** Says, once, when all that was written so far has been taken by the kernel; nothing if that fails. */
    abstract void whenSent(Runnable sent);

    /**
     * Sends what is queued and then says that nothing more will come.
     *
     * @param done told once, whether that worked
     */
    abstract void sayLast(Consumer<Boolean> done);

    /**
     * Sends what is queued, of an end that will be closed cleanly as soon as that is done.
     *
     * @param done told once, whether that worked
     */
    void finish(Consumer<Boolean> done) {
        sayLast(done);
    }

    /** Whether the other side has said its last before the stream stood. */
    abstract boolean saidItsLast();

    /** Closes; not cleanly means so that nobody can take it for a clean end. */
    abstract void close(boolean cleanly);

    /** Stops reading. */
    void pause() {
        channel().config().setAutoRead(false);
    }

    /** Reads from now on. */
    void resume() {
        channel().config().setAutoRead(true);
    }

    /** Begins to read, unless what came with the request is still waiting. */
    final void read() {
        if (!paused) {
            resume();
        }
    }

    /** Whether something that was flushed is still here. */
    private boolean waiting() {
        Channel own = channel();
        return own.bytesBeforeUnwritable() < own.config().getWriteBufferHighWaterMark();
    }

    /** Bytes have come in; their ownership passes. */
    final void received(ByteBuf bytes) {
        Stream joined = stream;
        End to = other;
        if (joined == null || to == null || joined.ended() || !bytes.isReadable()) {
            bytes.release();
            return;
        }
        int count = bytes.readableBytes();
        joined.moved(this, count);
        if (paused) {
            pileUp(joined, bytes);
            return;
        }
        send(to, bytes);
        if (written >= LARGE || joined.opening().held().share() < LARGE) {
            flushOther();
        }
    }

    private void send(End to, ByteBuf bytes) {
        written += bytes.capacity();
        to.write(bytes);
        unflushed = true;
    }

    private void pileUp(Stream joined, ByteBuf bytes) {
        ByteBuf joinedPieces = pile;
        int before = 0;
        if (joinedPieces == null) {
            joinedPieces = bytes;
            pile = bytes;
        } else {
            before = joinedPieces.capacity();
            joinedPieces.writeBytes(bytes);
            bytes.release();
        }
        hold(joined, joinedPieces.capacity() - before);
    }

    private void hold(Stream joined, long bytes) {
        held += bytes;
        if (!joined.opening().held().hold(bytes)) {
            joined.holdsTooMuch();
        }
    }

    /** The side has said its last. */
    final void last() {
        if (pile != null) {
            lastBehindPile = true;
        } else if (stream != null) {
            stream.saidItsLast(this);
        }
    }

    final void brokeOff() {
        if (stream != null) {
            stream.brokeOff(this);
        }
    }

    /** Sends on what reads have brought. */
    final void flushOther() {
        Stream joined = stream;
        End to = other;
        if (!unflushed || joined == null || to == null) {
            return;
        }
        unflushed = false;
        to.channel().flush();
        if (!joined.ended() && to.waiting()) {
            paused = true;
            pause();
            hold(joined, written);
            to.whenSent(() -> sent(joined, to));
        }
        written = 0;
    }

    private void sent(Stream joined, End to) {
        if (joined.ended()) {
            return;
        }
        paused = false;
        joined.opening().held().letGo(held);
        held = 0;
        ByteBuf next = pile;
        pile = null;
        if (next != null) {
            send(to, next);
            flushOther();
        }
        if (lastBehindPile) {
            lastBehindPile = false;
            joined.saidItsLast(this);
        }
        if (!paused && !joined.ended()) {
            resume();
        }
    }

    /** The stream has ended: the other end closes with all that waits in it. */
    final void letGo(HeldBytes all) {
        all.letGo(held);
        held = 0;
        if (pile != null) {
            pile.release();
            pile = null;
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flushOther();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        brokeOff();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{} broke off", context.channel(), cause);
        brokeOff();
        if (stream == null) {
            var _ = context.close();
        }
    }
}
