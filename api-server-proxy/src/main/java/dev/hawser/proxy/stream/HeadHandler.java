// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.admission.Place;
import dev.hawser.proxy.http.ConnectRequest;
import dev.hawser.proxy.http.HeadParser;
import dev.hawser.proxy.http.HeadParser.Progress;
import dev.hawser.proxy.http.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.nio.charset.StandardCharsets;

/** The request of a connection that speaks HTTP/1.1 or HTTP/1.0: there is one, and then the connection is the tunnel. */
final class HeadHandler extends RequestHandler {
    private static final ByteBuf ESTABLISHED = Unpooled.unreleasableBuffer(Unpooled.directBuffer(64)
            .writeBytes(ConnectRequest.ESTABLISHED.getBytes(StandardCharsets.US_ASCII))
            .asReadOnly());

    private final HeadParser parser;
    /** What came behind the head, owned by this handler until a stream takes it. */
    private ByteBuf early = Unpooled.EMPTY_BUFFER;

    HeadHandler(Parts parts, Watch watch, Place place) {
        super(parts, watch, place);
        this.parser = new HeadParser(limits().head());
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        switch (state()) {
            case READING -> read(context, bytes);
            case DIALLING -> keep(bytes);
            case DECIDED -> bytes.release();
        }
    }

    private void read(ChannelHandlerContext context, ByteBuf bytes) {
        Progress progress = HeadParser.MORE;
        while (progress instanceof Progress.More && bytes.isReadable()) {
            progress = parser.push(bytes.readByte());
        }
        switch (progress) {
            case Progress.More _ -> bytes.release();
            case Progress.Refused(Refusal refusal) -> {
                bytes.release();
                refuse(context, refusal, Reason.of(refusal), "");
            }
            case Progress.Complete(ConnectRequest request) -> {
                keep(bytes);
                context.channel().config().setAutoRead(false);
                decide(context, request.target());
            }
        }
    }

    /** Reading stops with the head, but what one read had already brought, or brings with the client's end, is kept. */
    private void keep(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            bytes.release();
        } else if (early.isReadable()) {
            early = Unpooled.wrappedBuffer(early, bytes);
        } else {
            early = bytes;
        }
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
        ByteBuf handed = early;
        early = Unpooled.EMPTY_BUFFER;
        SocketEnd client = new SocketEnd();
        context.pipeline().replace(this, null, client);
        var _ = client.channel()
                .writeAndFlush(ESTABLISHED.duplicate(), client.channel().voidPromise());
        new Stream(client, target, watch(), opening).open(handed);
    }

    @Override
    void forget() {
        early.release();
        early = Unpooled.EMPTY_BUFFER;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // A client that said its last behind a complete head may still be answered; the stream will find out.
        if (event instanceof ChannelInputShutdownEvent && state() == State.READING) {
            abandon();
        }
    }
}
