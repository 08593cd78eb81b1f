// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hawser.proxy.target.Dialer;
import dev.hawser.proxy.target.NameLookup;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MendedEpollTest {
    /** What happens to the socket that is closed, while its loop is busy. */
    enum Meanwhile {
        BYTES,
        END,
        RESET
    }

    private final EventLoopGroup loops = Transport.EPOLL.loops(1);
    private ServerSocket far;

    @BeforeEach
    void listen() throws IOException {
        assumeThat(Epoll.isAvailable()).as("epoll").isTrue();
        far = new ServerSocket(0, 16, Rig.LOOPBACK);
    }

    @AfterEach
    void close() throws Exception {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        far.close();
    }

    @ParameterizedTest
    @EnumSource
    void aDialHearsNothingOfTheSocketWhoseDescriptorItGot(Meanwhile meanwhile) throws Exception {
        CompletableFuture<Future<Channel>> dial = new CompletableFuture<>();
        Channel former = connect(new ChannelInboundHandlerAdapter());
        Socket farFormer = far.accept();
        int descriptor = ((UnixChannel) former).fd().intValue();
        connect(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ((ByteBuf) message).release();
                var _ = former.close();
                dial.complete(dial(context));
            }
        });
        Socket first = far.accept();
        CountDownLatch free = new CountDownLatch(1);
        loops.execute(() -> awaitQuietly(free));
        // Both events are waiting when the loop looks next, in this order.
        first.getOutputStream().write('x');
        apply(meanwhile, farFormer);
        free.countDown();

        Future<Channel> dialled = dial.get(5, TimeUnit.SECONDS).await();
        assertThat(dialled.cause()).isNull();
        assertThat(((UnixChannel) dialled.getNow()).fd().intValue()).isEqualTo(descriptor);
        assertThat(((SocketEnd) dialled.getNow().pipeline().last()).saidItsLast())
                .isFalse();
    }

    private Future<Channel> dial(ChannelHandlerContext context) {
        return new Dialer(Transport.EPOLL.dialling(HeldBytes.ofThisProcess()), NameLookup.SYSTEM)
                .dial(context.channel().eventLoop(), address(), new SocketEnd());
    }

    private static void apply(Meanwhile meanwhile, Socket socket) throws IOException {
        switch (meanwhile) {
            case BYTES -> socket.getOutputStream().write('y');
            case END -> socket.close();
            case RESET -> {
                socket.setSoLinger(true, 0);
                socket.close();
            }
        }
    }

    private Channel connect(ChannelHandler handler) throws InterruptedException {
        Bootstrap bootstrap =
                Transport.EPOLL.dialling(HeldBytes.ofThisProcess()).group(loops).handler(handler);
        Channel channel = bootstrap.connect(address()).sync().channel();
        channel.config().setAutoRead(true);
        return channel;
    }

    private InetSocketAddress address() {
        return (InetSocketAddress) far.getLocalSocketAddress();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
