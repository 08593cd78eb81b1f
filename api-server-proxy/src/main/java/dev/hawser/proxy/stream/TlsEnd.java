// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The client's end where TLS is spoken with the proxy itself. Its last word is close_notify, and a connection that ends
 * without one was cut (RFC 8446 section 6.1). With TLS 1.2 there is no half of an end: after the client's last word nothing
 * can be sent any more.
 */
final class TlsEnd extends SocketEnd {
    private boolean saidItsLast;

    /**
     * An end behind the pipeline's TLS handler.
     *
     * @param saidItsLast whether that was said before the stream stood
     */
    TlsEnd(boolean saidItsLast) {
        this.saidItsLast = saidItsLast;
    }

    @Override
    void sayLast(Consumer<Boolean> done) {
        channel().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(written -> {
            if (written.isSuccess()) {
                shutdownOutput(channel()).addListener(closed -> done.accept(closed.isSuccess()));
            }
        });
    }

    /** Closing sends close_notify, too, but not behind what is still being encrypted. */
    @Override
    void finish(Consumer<Boolean> done) {
        sayLast(done);
    }

    @Override
    boolean saidItsLast() {
        return saidItsLast;
    }

    /** Ends the output of a client, with close_notify in front where it speaks TLS. */
    static Future<?> shutdownOutput(DuplexChannel client) {
        SslHandler tls = client.pipeline().get(SslHandler.class);
        return tls == null ? client.shutdownOutput() : tls.closeOutbound();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslCloseCompletionEvent close && close.isSuccess()) {
            saidItsLast = true;
            flushOther();
            last();
        } else if (event instanceof ChannelInputShutdownEvent && !saidItsLast) {
            brokeOff();
        }
    }
}
