// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.admission.Place;
import dev.hawser.proxy.http.ConnectRequest;
import dev.hawser.proxy.http.HeadParser;
import dev.hawser.proxy.http.HeadParser.Progress;
import dev.hawser.proxy.http.Preface;
import dev.hawser.proxy.http.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The request of a connection that speaks HTTP/1.1 or HTTP/1.0: there is one, and then the connection is the tunnel. */
final class HeadHandler extends RequestHandler {
    private static final ByteBuf ESTABLISHED = Unpooled.unreleasableBuffer(Unpooled.directBuffer(64)
            .writeBytes(ConnectRequest.ESTABLISHED.getBytes(StandardCharsets.US_ASCII))
            .asReadOnly());

    /** As much is kept of what comes before the answer; the rest waits in the kernel. */
    private static final int EARLY = 16 * 1024;

    private final HeadParser parser;
    private @Nullable Preface preface = new Preface();
    /** Whether the client said its last within TLS, of which the channel itself knows nothing. */
    private boolean inputOver;

    private final boolean tls;

    /**
     * A handler of a client that has said nothing yet.
     *
     * @param tls whether there is TLS in front of it
     */
    HeadHandler(Parts parts, Watch watch, Place place, boolean tls) {
        super(parts, watch, place);
        this.tls = tls;
        this.parser = new HeadParser(limits().head());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        ByteBuf bytes = (ByteBuf) message;
        switch (state()) {
            case READING -> read(context, bytes);
            case DIALLING -> {
                if (keep(context, bytes) > EARLY) {
                    context.channel().config().setAutoRead(false);
                }
            }
            case DECIDED -> bytes.release();
        }
    }

    private void read(ChannelHandlerContext context, ByteBuf bytes) throws Exception {
        Progress progress = HeadParser.MORE;
        if (preface != null) {
            progress = readPreface(preface, bytes);
            if (preface != null && preface.complete()) {
                switchToHttp2(context, preface, bytes);
                return;
            }
        }
        while (preface == null && progress instanceof Progress.More && bytes.isReadable()) {
            progress = parser.push(bytes.readByte());
        }
        switch (progress) {
            case Progress.More _ -> bytes.release();
            case Progress.Refused(Refusal refusal) -> {
                bytes.release();
                refuse(context, refusal, Reason.of(refusal), "");
            }
            case Progress.Complete(ConnectRequest request) -> {
                keep(context, bytes);
                decide(context, request.target());
            }
        }
    }

    /** A client of HTTP/2 says so with its first bytes; what only begins so is a head after all. */
    private Progress readPreface(Preface begun, ByteBuf bytes) {
        while (bytes.isReadable() && !begun.complete()) {
            if (begun.push(bytes.getByte(bytes.readerIndex()))) {
                bytes.skipBytes(1);
            } else {
                preface = null;
                Progress progress = HeadParser.MORE;
                for (byte seen : begun.seen()) {
                    if (progress instanceof Progress.More) {
                        progress = parser.push(seen);
                    }
                }
                return progress;
            }
        }
        return HeadParser.MORE;
    }

    private void switchToHttp2(ChannelHandlerContext context, Preface whole, ByteBuf rest) throws Exception {
        handOver();
        context.pipeline().remove(this);
        ByteBuf all = Unpooled.wrappedBuffer(Unpooled.wrappedBuffer(whole.seen()), rest);
        Http2Connection.begin(context.channel(), parts(), watch(), place(), all);
    }

    @Override
    void answer(ChannelHandlerContext context, Refusal refusal, Place held) {
        DuplexChannel client = (DuplexChannel) context.channel();
        client.pipeline().remove(this);
        LastWord.say(client, watch(), refusal, held::release);
    }

    @Override
    void hangUp(ChannelHandlerContext context) {
        var _ = context.close();
    }

    @Override
    void connected(ChannelHandlerContext context, End target, Stream.Opening opening) {
        SocketEnd client = tls ? new TlsEnd(inputOver) : new SocketEnd();
        context.pipeline().replace(this, null, client);
        var _ = client.channel()
                .writeAndFlush(ESTABLISHED.duplicate(), client.channel().voidPromise());
        new Stream(client, target, watch(), opening).open(takeEarly());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // A client that said its last behind a complete head may still be answered; the stream will find out.
        boolean over = event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent;
        inputOver |= over;
        if (over && state() == State.READING) {
            abandon();
        }
    }
}
