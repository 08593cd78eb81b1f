// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.DefaultHttp2WindowUpdateFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An end that is one stream of an HTTP/2 connection (RFC 9113 section 8.5). END_STREAM is its last word, RST_STREAM its
 * reset. The bytes it has not read come out of its window, so a stalled stream stops its own client and nobody else's.
 */
final class Http2End extends End {
    private @Nullable Channel channel;
    private @Nullable ChannelFuture lastWrite;
    private boolean saidItsLast;
    private int unacknowledged;

    /**
     * An end on a stream whose request has been read.
     *
     * @param saidItsLast whether END_STREAM has come already
     * @param unacknowledged bytes of the window that came before the answer
     */
    Http2End(boolean saidItsLast, int unacknowledged) {
        this.saidItsLast = saidItsLast;
        this.unacknowledged = unacknowledged;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        channel = context.channel();
    }

    @Override
    Channel channel() {
        return Objects.requireNonNull(channel, "an end is asked for its channel before it has one");
    }

    @Override
    void write(ByteBuf bytes) {
        lastWrite = channel().write(new DefaultHttp2DataFrame(bytes));
    }

    /** An empty frame behind the others would tell, too, but clients take some of those for an attack. */
    @Override
    void whenSent(Runnable sent) {
        Objects.requireNonNull(lastWrite, "nothing was written").addListener(written -> {
            if (written.isSuccess()) {
                sent.run();
            }
        });
    }

    /** What is not acknowledged stops the client. Frames are taken at once: in Netty's queue each would be an object of its own. */
    @Override
    void pause() {}

    @Override
    void resume() {
        if (unacknowledged > 0 && channel().isActive()) {
            var _ = channel().writeAndFlush(new DefaultHttp2WindowUpdateFrame(unacknowledged));
            unacknowledged = 0;
        }
    }

    @Override
    void sayLast(Consumer<Boolean> done) {
        channel()
                .writeAndFlush(new DefaultHttp2DataFrame(Unpooled.EMPTY_BUFFER, true))
                .addListener(written -> done.accept(written.isSuccess()));
    }

    @Override
    boolean saidItsLast() {
        return saidItsLast;
    }

    @Override
    void close(boolean cleanly) {
        Channel closed = channel();
        if (!cleanly && closed.isActive()) {
            var _ = closed.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CONNECT_ERROR));
        }
        var _ = closed.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Http2DataFrame data)) {
            // Trailers: a tunnel has none (RFC 9113 section 8.5).
            ReferenceCountUtil.release(message);
            brokeOff();
            return;
        }
        unacknowledged += data.initialFlowControlledBytes();
        received(own(context, data));
        if (data.isEndStream()) {
            saidItsLast = true;
            flushOther();
            last();
        }
    }

    /** A frame's bytes without the rest of what was read with them, which may be many times as much. */
    static ByteBuf own(ChannelHandlerContext context, Http2DataFrame data) {
        ByteBuf content = data.content();
        try {
            return context.alloc().ioBuffer(content.readableBytes()).writeBytes(content);
        } finally {
            data.release();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        super.channelReadComplete(context);
        read();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2ResetFrame) {
            brokeOff();
        }
    }
}
