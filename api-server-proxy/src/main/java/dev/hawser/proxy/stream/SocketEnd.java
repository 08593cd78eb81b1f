// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An end that is a TCP connection, all of it: the target, and the client of HTTP/1.1. */
final class SocketEnd extends End {
    private @Nullable DuplexChannel channel;

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = (DuplexChannel) context.channel();
    }

    @Override
    DuplexChannel channel() {
        return Objects.requireNonNull(channel, "an end is asked for its channel before it has one");
    }

    @Override
    void write(ByteBuf bytes) {
        var _ = channel().write(bytes, channel().voidPromise());
    }

    @Override
    void sayLast(Consumer<Boolean> done) {
        DuplexChannel listener = channel();
        // shutdownOutput throws away what is queued, so it waits behind an empty write.
        listener.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                listener.shutdownOutput().addListener(closed -> done.accept(closed.isSuccess()));
            }
        });
    }

    @Override
    boolean saidItsLast() {
        return channel().isInputShutdown();
    }

    @Override
    void close(boolean cleanly) {
        DuplexChannel closed = channel();
        if (!cleanly && closed.isOpen()) {
            closed.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        var _ = closed.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        received((ByteBuf) message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            last();
        }
    }
}
