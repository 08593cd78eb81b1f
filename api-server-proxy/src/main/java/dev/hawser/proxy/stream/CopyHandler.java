// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of a stream: what its own channel says is written to the other one. Each buffer passes to the other channel
 * with its ownership; nothing is copied in this process's memory.
 *
 * <p>Back-pressure: when the other channel holds more than its high-water mark, this one is no longer read, until the
 * other has drained below the low one. So a side that does not read costs the mark plus one read, however much is sent.
 */
final class CopyHandler extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(CopyHandler.class);

    private final Stream stream;
    private final Stream.Side side;
    private final Channel other;
    private boolean unflushed;

    CopyHandler(Stream stream, Stream.Side side, Channel other) {
        this.stream = stream;
        this.side = side;
        this.other = other;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        stream.moved(side, bytes.readableBytes());
        // Without a promise of its own: a write that fails closes the other channel, which is how we hear of it.
        var _ = other.write(bytes, other.voidPromise());
        unflushed = true;
        if (!other.isWritable()) {
            context.channel().config().setAutoRead(false);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (unflushed) {
            unflushed = false;
            other.flush();
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (context.channel().isWritable()) {
            other.config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            stream.saidItsLast(side);
        } else if (event instanceof ProxyServer.Stop) {
            stream.end(Ending.STOPPED);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stream.brokeOff(side);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{} broke off", side, cause);
        stream.brokeOff(side);
    }
}
