// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.channels.NotYetConnectedException;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An end that is a TCP connection, all of it: the target, and the client of HTTP/1.1. With TLS it is a {@link TlsEnd}. */
class SocketEnd extends End {
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
    void whenSent(Runnable sent) {
        channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                sent.run();
            }
        });
    }

    @Override
    void sayLast(Consumer<Boolean> done) {
        DuplexChannel listener = channel();
        // Ending the output throws away what is queued, so it waits behind an empty write.
        listener.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                endOutput(listener, done);
            }
        });
    }

    /** Closing says the last word, too. */
    @Override
    void finish(Consumer<Boolean> done) {
        channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                done.accept(true);
            }
        });
    }

    /** Past Netty where that is possible: on the way to the same call it makes two exceptions, with all of their stack. */
    private static void endOutput(DuplexChannel listener, Consumer<Boolean> done) {
        if (listener instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
            boolean ended = true;
            try {
                socket.shutdown(false, true);
            } catch (IOException | NotYetConnectedException gone) {
                ended = false;
            }
            done.accept(ended);
        } else {
            listener.shutdownOutput().addListener(closed -> done.accept(closed.isSuccess()));
        }
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
