// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.http.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.time.Duration;

/**
 * The end of a refused connection: the answer, then the end of output, then a short while in which what the client still
 * sends is read and thrown away. A socket that is closed with unread bytes is reset by the kernel, and the client would
 * see the reset instead of the answer (RFC 9112 section 9.6).
 */
final class LastWord extends ChannelInboundHandlerAdapter {
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int LINGER_BYTES = 64 * 1024;

    private final class Linger extends Watch.Living {
        @Override
        void late(long now) {
            var _ = channel.close();
        }

        @Override
        void stop() {
            var _ = channel.close();
        }
    }

    private final DuplexChannel channel;
    private final Watch watch;
    private final Runnable done;
    private final Linger linger = new Linger();
    private int discarded;
    private boolean over;

    private LastWord(DuplexChannel channel, Watch watch, Runnable done) {
        this.channel = channel;
        this.watch = watch;
        this.done = done;
    }

    /**
     * Says the refusal on a channel whose pipeline is empty otherwise, and closes it in the end.
     *
     * @param done run once when it is closed
     */
    static void say(DuplexChannel client, Watch watch, Refusal refusal, Runnable done) {
        LastWord word = new LastWord(client, watch, done);
        if (!client.isActive()) {
            word.over();
            var _ = client.close();
            return;
        }
        client.pipeline().addLast(word);
        watch.set(word.linger, LINGER, System.nanoTime());
        client.writeAndFlush(ByteBufUtil.writeAscii(client.alloc(), refusal.response()))
                .addListener(written -> {
                    var _ = TlsEnd.shutdownOutput(client);
                });
        if (client.isInputShutdown()) {
            var _ = client.close();
        } else {
            client.config().setAutoRead(true);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        discarded += bytes.readableBytes();
        bytes.release();
        if (discarded > LINGER_BYTES) {
            close(context.channel());
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            close(context.channel());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        over();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        close(context.channel());
    }

    private void over() {
        if (!over) {
            over = true;
            watch.remove(linger);
            done.run();
        }
    }

    private static void close(Channel channel) {
        var _ = channel.close();
    }
}
