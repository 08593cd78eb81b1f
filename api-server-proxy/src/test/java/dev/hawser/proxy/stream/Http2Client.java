// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A client with prior knowledge of HTTP/2, as much of one as the tests need. */
final class Http2Client implements AutoCloseable {
    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    final Channel connection;
    volatile boolean toldToGoAway;

    Http2Client(int port) throws InterruptedException {
        Http2FrameCodec codec = Http2FrameCodecBuilder.forClient().build();
        connection = new Bootstrap()
                .group(loops)
                .channel(NioSocketChannel.class)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        codec,
                                        new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()),
                                        new ChannelInboundHandlerAdapter() {
                                            @Override
                                            public void channelRead(ChannelHandlerContext context, Object message) {
                                                toldToGoAway |= message instanceof Http2GoAwayFrame;
                                                ReferenceCountUtil.release(message);
                                            }
                                        });
                    }
                })
                .connect(new InetSocketAddress(Rig.LOOPBACK, port))
                .sync()
                .channel();
        // Else a stream that is not read here takes what the others need.
        connection
                .eventLoop()
                .submit(() -> {
                    codec.connection()
                            .local()
                            .flowController()
                            .incrementWindowSize(codec.connection().connectionStream(), 1 << 24);
                    return connection.flush();
                })
                .sync();
    }

    /** What a stream brought: "200", a text, "end", "reset 10". Successive texts are not joined. */
    static final class Talk extends ChannelInboundHandlerAdapter {
        final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final Queue<String> pieces = new ConcurrentLinkedQueue<>();
        final AtomicLong bytes = new AtomicLong();

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            switch (message) {
                case Http2HeadersFrame headers -> {
                    heard.add(
                            headers.headers().status() + " " + headers.headers().get("proxy-status", "-"));
                    if (headers.isEndStream()) {
                        heard.add("end");
                    }
                }
                case Http2DataFrame data -> {
                    bytes.addAndGet(data.content().readableBytes());
                    if (pieces.size() < 10) {
                        pieces.add(data.content().toString(StandardCharsets.UTF_8));
                    }
                    if (data.isEndStream()) {
                        heard.add("end");
                    }
                }
                default -> heard.add(message.toString());
            }
            ReferenceCountUtil.release(message);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof Http2ResetFrame reset) {
                heard.add("reset " + reset.errorCode());
            }
        }

        /** The beginning of what came. */
        String text() {
            return String.join("", pieces);
        }

        String next() throws InterruptedException {
            String next = heard.poll(10, TimeUnit.SECONDS);
            return next == null ? "nothing" : next;
        }
    }

    /** A stream of this connection. */
    Http2StreamChannel stream(Talk talk) throws InterruptedException {
        return new Http2StreamChannelBootstrap(connection)
                .handler(talk)
                .open()
                .sync()
                .getNow();
    }

    Http2StreamChannel connect(Talk talk, String authority) throws InterruptedException {
        Http2StreamChannel stream = stream(talk);
        request(stream, new DefaultHttp2Headers().method("CONNECT").authority(authority));
        return stream;
    }

    static void request(Http2StreamChannel stream, Http2Headers headers) throws InterruptedException {
        stream.writeAndFlush(new DefaultHttp2HeadersFrame(headers)).sync();
    }

    static void send(Http2StreamChannel stream, String text, boolean last) {
        var _ = stream.writeAndFlush(new DefaultHttp2DataFrame(
                text.isEmpty() ? Unpooled.EMPTY_BUFFER : ByteBufUtil.writeUtf8(stream.alloc(), text), last));
    }

    static void reset(Http2StreamChannel stream) {
        var _ = stream.writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.CANCEL));
    }

    @Override
    public void close() {
        connection.close().awaitUninterruptibly();
        var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
