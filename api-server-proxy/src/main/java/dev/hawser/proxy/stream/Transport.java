// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
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
    // Bytes that the kernel takes of what cannot be sent yet: one read. For a reader that has stopped it took 3.9 MB,
    // for
    // which this process had to pay; what is on its way to a reader does not count.
    private static final int UNSENT = HeldBytes.MOST;
    private static final ChannelOption<Integer> INHERITED_UNSENT =
            new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", 6, 25);
    private static final int BACKLOG = 4096;
    /** No more than a read ever waits in a connection; a mark that is never reached costs no events. */
    private static final WriteBufferWaterMark NEVER = new WriteBufferWaterMark(1 << 20, 1 << 21);

    /**
     * An arena for each loop, in chunks of 2 MiB. Netty's default allocator pools no large buffers where memory is as short as
     * here: every large read got memory of its own, which was cleared first and took 8 % of a stream's CPU time.
     */
    private static final ByteBufAllocator BUFFERS = new PooledByteBufAllocator(
            true,
            0,
            Runtime.getRuntime().availableProcessors(),
            8192,
            8,
            PooledByteBufAllocator.defaultSmallCacheSize(),
            PooledByteBufAllocator.defaultNormalCacheSize(),
            false);

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
    ServerBootstrap listener(EventLoopGroup loops, HeldBytes held) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(listener)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.ALLOCATOR, BUFFERS)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, NEVER)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new ReadSizes(held));
        return switch (this) {
            // Linux hands these on from the listener to what it accepts: no call for each connection.
            case EPOLL ->
                bootstrap
                        .option(INHERITED_KEEPALIVE, 1)
                        .option(INHERITED_UNSENT, UNSENT)
                        .option(INHERITED_KEEPIDLE, KEEPALIVE_AFTER_SECONDS)
                        .option(INHERITED_USER_TIMEOUT, USER_TIMEOUT_MILLIS);
            case NIO ->
                bootstrap.childOption(ChannelOption.TCP_NODELAY, true).childOption(ChannelOption.SO_KEEPALIVE, true);
        };
    }

    /** The template of connections to targets; they do not read until told to, and no timer of their own ends the dial. */
    Bootstrap dialling(HeldBytes held) {
        Bootstrap bootstrap = new Bootstrap()
                .channel(socket)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.ALLOCATOR, BUFFERS)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, NEVER)
                .option(ChannelOption.RECVBUF_ALLOCATOR, new ReadSizes(held));
        return switch (this) {
            // Netty sets TCP_NODELAY by itself there.
            case EPOLL ->
                bootstrap
                        .option(EpollChannelOption.TCP_NOTSENT_LOWAT, (long) UNSENT)
                        .option(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_AFTER_SECONDS)
                        .option(EpollChannelOption.TCP_USER_TIMEOUT, USER_TIMEOUT_MILLIS);
            case NIO -> bootstrap.option(ChannelOption.TCP_NODELAY, true);
        };
    }
}
