// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.concurrent.DefaultThreadFactory;

/** The way sockets are driven: epoll where its native library loads, else the JDK's selector. */
public enum Transport {
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
    NIO(NioServerSocketChannel.class, NioSocketChannel.class);

    // A peer that vanished without a word is asked after a minute. Streams must survive silence, not death.
    private static final int KEEPALIVE_AFTER_SECONDS = 60;
    // Ends what is unacknowledged, unanswered, or not taken for so long. The last is why it is no shorter: the kernel
    // counts
    // a reader that has stopped reading too, and somebody may look at one page of a log for a while.
    private static final int USER_TIMEOUT_MILLIS = 300_000;
    private static final ChannelOption<Integer> INHERITED_KEEPALIVE =
            new IntegerUnixChannelOption("SO_KEEPALIVE", 1, 9);
    private static final ChannelOption<Integer> INHERITED_KEEPIDLE = new IntegerUnixChannelOption("TCP_KEEPIDLE", 6, 4);
    private static final ChannelOption<Integer> INHERITED_USER_TIMEOUT =
            new IntegerUnixChannelOption("TCP_USER_TIMEOUT", 6, 18);
    private static final int BACKLOG = 4096;
    /** Bytes held for a side that does not read before the other is no longer read. */
    static final int BUFFERED = 128 * 1024;

    private static final int LEAST_READ = 2048;
    private static final int MOST_READ = 256 * 1024;

    private final Class<? extends ServerChannel> listener;
    private final Class<? extends SocketChannel> socket;

    Transport(Class<? extends ServerChannel> listener, Class<? extends SocketChannel> socket) {
        this.listener = listener;
        this.socket = socket;
    }

    /** The best that runs here. */
    public static Transport best() {
        return Epoll.isAvailable() ? EPOLL : NIO;
    }

    /** Event loops on as many platform threads. */
    EventLoopGroup loops(int threads) {
        if (System.getProperty("io.netty.leakDetection.level") == null) {
            // It samples buffers, which costs some percent of every connect; who looks for a leak sets the property.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("stream"), handlers());
    }

    private IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> MendedEpoll.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /** A listener whose connections are ready to be half-closed and paced. */
    ServerBootstrap listener(EventLoopGroup loops) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(listener)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, reads());
        return switch (this) {
            // Linux hands these on from the listener to what it accepts: no call for each connection.
            case EPOLL ->
                bootstrap
                        .option(INHERITED_KEEPALIVE, 1)
                        .option(INHERITED_KEEPIDLE, KEEPALIVE_AFTER_SECONDS)
                        .option(INHERITED_USER_TIMEOUT, USER_TIMEOUT_MILLIS);
            case NIO ->
                bootstrap.childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true);
        };
    }

    /** The template of connections to targets; they do not read until told to, and no timer of their own ends the dial. */
    Bootstrap dialling() {
        Bootstrap bootstrap = new Bootstrap()
                .channel(socket)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark())
                .option(ChannelOption.RECVBUF_ALLOCATOR, reads());
        return switch (this) {
            // Netty sets TCP_NODELAY by itself there.
            case EPOLL ->
                bootstrap
                        .option(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_AFTER_SECONDS)
                        .option(EpollChannelOption.TCP_USER_TIMEOUT, USER_TIMEOUT_MILLIS);
            case NIO -> bootstrap.option(ChannelOption.TCP_NODELAY, true);
        };
    }

    private static WriteBufferWaterMark waterMark() {
        return new WriteBufferWaterMark(BUFFERED / 2, BUFFERED);
    }

    /** Large reads for who has much to say; few at a time, so that the others of the loop get their turn. */
    private static RecvByteBufAllocator reads() {
        AdaptiveRecvByteBufAllocator reads = new AdaptiveRecvByteBufAllocator(LEAST_READ, LEAST_READ, MOST_READ);
        reads.maxMessagesPerRead(4);
        return reads;
    }
}
