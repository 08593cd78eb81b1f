// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.admission.Place;
import dev.hawser.proxy.admission.Verdict;
import dev.hawser.proxy.http.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamChannelOption;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that speaks HTTP/2: it holds one place for itself, and each of its streams asks for its own like any other
 * client. It ends when it has had no stream for as long as a request may take. Confined to one event loop.
 */
final class Http2Connection extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Http2Connection.class);
    private static final int STREAMS = 100;
    private static final int WINDOW = 128 * 1024;
    // As much as all streams together may have on their way: then one that is not read takes nothing from the others.
    private static final int CONNECTION_WINDOW = STREAMS * WINDOW;
    private static final long CLOSING_MILLIS = 1000;

    private final class Patience extends Watch.Living {
        @Override
        void late(long now) {
            if (streams() > 0) {
                watch.set(this, quiet, now);
            } else {
                goAway(true);
            }
        }

        @Override
        void drain() {
            goAway(streams() == 0);
        }

        @Override
        void stop() {
            var _ = channel.close();
        }
    }

    private final Channel channel;
    private final Parts parts;
    private final Watch watch;
    private final Place place;
    private final Duration quiet;
    private final Patience patience = new Patience();
    private final Http2FrameCodec codec;

    private Http2Connection(Channel channel, Parts parts, Watch watch, Place place) {
        this.channel = channel;
        this.parts = parts;
        this.watch = watch;
        this.place = place;
        this.quiet = parts.policy().get().limits().headTime();
        int headBytes = parts.policy().get().limits().head().headBytes();
        this.codec = Http2FrameCodecBuilder.forServer()
                .initialSettings(Http2Settings.defaultSettings()
                        .maxConcurrentStreams(STREAMS)
                        .initialWindowSize(WINDOW)
                        .maxHeaderListSize(headBytes))
                .gracefulShutdownTimeoutMillis(CLOSING_MILLIS)
                .build();
    }

    /**
     * Makes a connection speak HTTP/2.
     *
     * @param received what has been read of it, from the preface on; its ownership passes
     */
    static void begin(Channel channel, Parts parts, Watch watch, Place place, ByteBuf received) throws Exception {
        Http2Connection connection = new Http2Connection(channel, parts, watch, place);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast(connection.codec);
        pipeline.addLast(new Http2MultiplexHandler(new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel stream) {
                connection.arrive(stream);
            }
        }));
        pipeline.addLast(connection);
        // Not from the head of the pipeline, where what is decrypted already would be decrypted again.
        connection.codec.channelRead(pipeline.context(connection.codec), received);
    }

    private void arrive(Channel stream) {
        // A window is given back when the target has taken what came, which Netty cannot know.
        stream.config().setOption(Http2StreamChannelOption.AUTO_STREAM_FLOW_CONTROL, false);
        InetSocketAddress address = (InetSocketAddress) channel.remoteAddress();
        IpAddress source = IpAddress.ofBytes(address.getAddress().getAddress());
        switch (parts.admission().arrive(source, System.nanoTime())) {
            case Place own -> stream.pipeline().addLast(new Http2RequestHandler(parts, watch, own));
            case Verdict.Denied denied -> stream.pipeline().addLast(new Denied(denied));
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) throws Http2Exception {
        watch.set(patience, quiet, System.nanoTime());
        var window = codec.connection().local().flowController();
        window.incrementWindowSize(
                codec.connection().connectionStream(), CONNECTION_WINDOW - window.initialWindowSize());
        channel.config().setAutoRead(true);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        // Frames of the connection itself: settings, pings and the like, which the codec has answered.
        ReferenceCountUtil.release(message);
    }

    /** A client that can say nothing more cannot give windows either, so that its streams would stall. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof ChannelInputShutdownEvent || event instanceof SslCloseCompletionEvent) {
            var _ = context.channel().close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        watch.remove(patience);
        place.release();
        context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("{} broke off", context.channel(), cause);
        var _ = context.close();
    }

    private int streams() {
        return codec.connection().numActiveStreams();
    }

    private void goAway(boolean andClose) {
        var told = channel.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
        if (andClose) {
            told.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** A stream that got no place: told so when its request has been read. */
    private final class Denied extends ChannelInboundHandlerAdapter {
        private final Verdict.Denied denied;

        Denied(Verdict.Denied denied) {
            this.denied = denied;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
            if (message instanceof Http2HeadersFrame) {
                Refusal refusal = Reason.refusal(denied.denial(), denied.retryAfterSeconds());
                parts.journal().denied(channel.remoteAddress(), denied.peer(), Reason.of(denied.denial()));
                Http2RequestHandler.say(context.channel(), refusal);
            }
        }
    }
}
