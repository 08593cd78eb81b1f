// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.http.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The end of a refused connection: the answer, then the end of output, then a short while in which what the client still
 * sends is read and thrown away. A socket that is closed with unread bytes is reset by the kernel, and the client would
 * see the reset instead of the answer (RFC 9112 section 9.6).
 */
final class LastWord extends ChannelInboundHandlerAdapter {
    private static final long LINGER_MILLIS = 1000;
    private static final int LINGER_BYTES = 64 * 1024;

    private int discarded;
    private @Nullable ScheduledFuture<?> deadline;

    /** Says the refusal on a channel whose pipeline is empty otherwise, and closes it in the end. */
    static void say(DuplexChannel client, Refusal refusal) {
        client.pipeline().addLast(new LastWord());
        client.writeAndFlush(ByteBufUtil.writeAscii(client.alloc(), refusal.response()))
                .addListener(written -> {
                    var _ = client.shutdownOutput();
                });
        if (client.isInputShutdown()) {
            var _ = client.close();
        } else {
            client.config().setAutoRead(true);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor().schedule(() -> close(context), LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        discarded += bytes.readableBytes();
        bytes.release();
        if (discarded > LINGER_BYTES) {
            close(context);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof ProxyServer.Stop) {
            close(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close(context);
    }

    private static void close(ChannelHandlerContext context) {
        var _ = context.close();
    }
}
