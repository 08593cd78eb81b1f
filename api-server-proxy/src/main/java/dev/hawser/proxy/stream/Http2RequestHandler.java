// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.admission.Place;
import dev.hawser.proxy.http.Authority;
import dev.hawser.proxy.http.ProxyError;
import dev.hawser.proxy.http.Refusal;
import dev.hawser.proxy.http.Status;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.util.ReferenceCountUtil;
import java.net.SocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The request of one stream of an HTTP/2 connection; the stream is the tunnel, its neighbours are others. */
final class Http2RequestHandler extends RequestHandler {
    private boolean saidItsLast;
    private int unacknowledged;

    Http2RequestHandler(Parts parts, Watch watch, Place place) {
        super(parts, watch, place);
    }

    /** Why a request is none for us, or nothing where it is one. */
    static Optional<Refusal> fault(Http2Headers headers) {
        CharSequence method = headers.method();
        if (method == null || !method.toString().equals("CONNECT")) {
            return Optional.of(new Refusal(
                    Status.METHOD_NOT_ALLOWED,
                    ProxyError.HTTP_REQUEST_ERROR,
                    "This proxy knows the method CONNECT only."));
        }
        if (headers.path() != null || headers.scheme() != null || headers.contains(":protocol")) {
            return malformed("A CONNECT request has neither :path nor :scheme nor :protocol here.");
        }
        CharSequence length = headers.get("content-length");
        if (length != null && !length.toString().equals("0")) {
            return malformed("A CONNECT request must not have content.");
        }
        return target(headers).isEmpty()
                ? malformed("The target of CONNECT is not of the form host:port.")
                : Optional.empty();
    }

    private static Optional<Refusal> malformed(String sentence) {
        return Optional.of(new Refusal(Status.BAD_REQUEST, ProxyError.HTTP_REQUEST_ERROR, sentence));
    }

    private static Optional<Authority> target(Http2Headers headers) {
        return Optional.ofNullable(headers.authority())
                .map(CharSequence::toString)
                .flatMap(Authority::parse);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (message) {
            case Http2HeadersFrame request when state() == State.READING -> read(context, request);
            case Http2DataFrame data
            when state() == State.DIALLING -> {
                unacknowledged += data.initialFlowControlledBytes();
                saidItsLast |= data.isEndStream();
                keep(context, Http2End.own(context, data));
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    private void read(ChannelHandlerContext context, Http2HeadersFrame request) {
        saidItsLast = request.isEndStream();
        Optional<Refusal> fault = fault(request.headers());
        if (fault.isPresent()) {
            refuse(context, fault.get(), Reason.of(fault.get()), "");
        } else {
            decide(context, target(request.headers()).orElseThrow());
        }
    }

    @Override
    @Nullable
    SocketAddress address(ChannelHandlerContext context) {
        return context.channel().parent().remoteAddress();
    }

    @Override
    void answer(ChannelHandlerContext context, Refusal refusal, Place held) {
        say(context.channel(), refusal);
        held.release();
    }

    /** Says the refusal on a stream, and ends it. */
    static void say(Channel stream, Refusal refusal) {
        Http2Headers headers = new DefaultHttp2Headers()
                .status(Integer.toString(refusal.status().code()));
        refusal.fields().forEach(field -> headers.set(field.name(), field.value()));
        var _ = stream.write(new DefaultHttp2HeadersFrame(headers));
        var _ = stream.write(
                new DefaultHttp2DataFrame(ByteBufUtil.writeAscii(stream.alloc(), refusal.content()), true));
        // Nothing more is wanted of the request (RFC 9113 section 8.1).
        stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.NO_ERROR)).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    void hangUp(ChannelHandlerContext context) {
        var _ = context.close();
    }

    @Override
    void connected(ChannelHandlerContext context, End target, Stream.Opening opening) {
        Http2End client = new Http2End(saidItsLast, unacknowledged);
        context.pipeline().replace(this, null, client);
        var _ = client.channel().writeAndFlush(new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status("200")));
        new Stream(client, target, watch(), opening).open(takeEarly());
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof Http2ResetFrame) {
            abandon();
        }
    }
}
