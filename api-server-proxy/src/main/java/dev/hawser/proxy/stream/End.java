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
 * One end of a stream: what its own channel says is written to the other end. Each buffer passes on with its ownership;
 * nothing is copied in this process's memory. Confined to the event loop that both channels live on.
 *
 * <p>Back-pressure: when the other channel holds more than its high-water mark, this one is no longer read, until the
 * other has drained below the low one. So a side that does not read costs the mark plus one read, however much is sent.
 *
 * <p>Until it is joined to another end nothing is read from its channel.
 */
abstract class End extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(End.class);
    /** So much is passed on at once, while it is in the processor's cache; smaller reads are passed on together. */
    private static final int LARGE = 16 * 1024;

    private @Nullable Stream stream;
    private @Nullable End other;
    private boolean unflushed;

    final void join(Stream joined, End otherEnd) {
        stream = joined;
        other = otherEnd;
    }

    abstract Channel channel();

    /** Queues bytes, whose ownership passes. A write that fails closes the channel, which is how the stream hears of it. */
    abstract void write(ByteBuf bytes);

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

    final void flush() {
        channel().flush();
    }

    final boolean writable() {
        return channel().isWritable();
    }

    final void read(boolean on) {
        channel().config().setAutoRead(on);
    }

    /** Bytes have come in; their ownership passes. */
    final void received(ByteBuf bytes) {
        Stream joined = stream;
        End to = other;
        if (joined == null || to == null || joined.ended()) {
            bytes.release();
            return;
        }
        int count = bytes.readableBytes();
        joined.moved(this, count);
        to.write(bytes);
        unflushed = true;
        if (count >= LARGE) {
            unflushed = false;
            to.flush();
        }
        if (!to.writable()) {
            read(false);
        }
    }

    /** The side has said its last. */
    final void last() {
        if (stream != null) {
            stream.saidItsLast(this);
        }
    }

    final void brokeOff() {
        if (stream != null) {
            stream.brokeOff(this);
        }
    }

    /** Sends on what smaller reads have brought. */
    final void flushOther() {
        if (unflushed && other != null) {
            unflushed = false;
            other.flush();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        flushOther();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (other != null && context.channel().isWritable()) {
            other.read(true);
        }
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
