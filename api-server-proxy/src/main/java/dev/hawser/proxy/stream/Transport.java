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
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** The way sockets are driven: epoll where its native library loads, else the JDK's selector. */
public enum Transport {
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
    NIO(NioServerSocketChannel.class, NioSocketChannel.class);

    // A peer that vanished without a word is asked after a minute, every 15 s. Streams must survive silence, not death.
    private static final int KEEPALIVE_AFTER_SECONDS = 60;
    private static final int KEEPALIVE_EVERY_SECONDS = 15;
    // Ends what is unacknowledged, unanswered, or not taken for so long. The last is why it is no shorter: the kernel
    // counts
    // a reader that has stopped reading too, and somebody may look at one page of a log for a while.
    private static final int USER_TIMEOUT_MILLIS = 300_000;
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
        return new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("stream"), handlers());
    }

    private IoHandlerFactory handlers() {
        return switch (this) {
            case EPOLL -> HalfClosedEpoll.newFactory();
            case NIO -> NioIoHandler.newFactory();
        };
    }

    /** A listener whose connections are ready to be half-closed and paced. */
    ServerBootstrap listener(EventLoopGroup loops) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(listener)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG);
        options().forEach((option, value) -> set(bootstrap, option, value));
        return bootstrap;
    }

    /** The template of connections to targets; they do not read until told to, and no timer of their own ends the dial. */
    Bootstrap dialling() {
        Bootstrap bootstrap = new Bootstrap()
                .channel(socket)
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
        options().forEach((option, value) -> set(bootstrap, option, value));
        return bootstrap;
    }

    private Map<ChannelOption<?>, Object> options() {
        Map<ChannelOption<?>, Object> options = new LinkedHashMap<>();
        options.put(ChannelOption.TCP_NODELAY, true);
        options.put(ChannelOption.SO_KEEPALIVE, true);
        options.put(ChannelOption.ALLOW_HALF_CLOSURE, true);
        options.put(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(BUFFERED / 2, BUFFERED));
        options.put(ChannelOption.RECVBUF_ALLOCATOR, reads());
        if (this == EPOLL) {
            options.put(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_AFTER_SECONDS);
            options.put(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_EVERY_SECONDS);
            options.put(EpollChannelOption.TCP_USER_TIMEOUT, USER_TIMEOUT_MILLIS);
        }
        return options;
    }

    /** Large reads for who has much to say; few at a time, so that the others of the loop get their turn. */
    private static RecvByteBufAllocator reads() {
        AdaptiveRecvByteBufAllocator reads = new AdaptiveRecvByteBufAllocator(LEAST_READ, LEAST_READ, MOST_READ);
        reads.maxMessagesPerRead(4);
        return reads;
    }

    @SuppressWarnings("unchecked")
    private static <T> void set(ServerBootstrap bootstrap, ChannelOption<T> option, Object value) {
        bootstrap.childOption(option, (T) value);
    }

    @SuppressWarnings("unchecked")
    private static <T> void set(Bootstrap bootstrap, ChannelOption<T> option, Object value) {
        bootstrap.option(option, (T) value);
    }
}
