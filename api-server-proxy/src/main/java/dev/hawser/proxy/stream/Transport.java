// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
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
import io.netty.util.concurrent.DefaultThreadFactory;

/** The way sockets are driven: epoll where its native library loads, else the JDK's selector. */
public enum Transport {
    EPOLL(EpollServerSocketChannel.class, EpollSocketChannel.class),
    NIO(NioServerSocketChannel.class, NioSocketChannel.class);

    // A peer that vanished without a word is noticed after 60 s + 4 x 15 s. Streams must survive silence, not death.
    private static final int KEEPALIVE_AFTER_SECONDS = 60;
    private static final int KEEPALIVE_EVERY_SECONDS = 15;
    private static final int KEEPALIVE_PROBES = 4;
    private static final int BACKLOG = 1024;

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
    ServerBootstrap listener(EventLoopGroup loops, StreamLimits limits) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops)
                .channel(listener)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark(limits));
        if (this == EPOLL) {
            bootstrap
                    .childOption(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_AFTER_SECONDS)
                    .childOption(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_EVERY_SECONDS)
                    .childOption(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
        }
        return bootstrap;
    }

    /** The template of connections to targets; they do not read until told to. */
    Bootstrap dialling(StreamLimits limits) {
        Bootstrap bootstrap = new Bootstrap()
                .channel(socket)
                .option(ChannelOption.AUTO_READ, false)
                .option(
                        ChannelOption.CONNECT_TIMEOUT_MILLIS,
                        Math.toIntExact(limits.dialTime().toMillis()))
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, waterMark(limits));
        if (this == EPOLL) {
            bootstrap
                    .option(EpollChannelOption.TCP_KEEPIDLE, KEEPALIVE_AFTER_SECONDS)
                    .option(EpollChannelOption.TCP_KEEPINTVL, KEEPALIVE_EVERY_SECONDS)
                    .option(EpollChannelOption.TCP_KEEPCNT, KEEPALIVE_PROBES);
        }
        return bootstrap;
    }

    private static WriteBufferWaterMark waterMark(StreamLimits limits) {
        return new WriteBufferWaterMark(limits.buffered() / 2, limits.buffered());
    }
}
