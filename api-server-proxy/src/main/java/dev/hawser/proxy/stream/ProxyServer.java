// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.http.Refusal;
import dev.hawser.proxy.http.Status;
import dev.hawser.proxy.target.Dialer;
import dev.hawser.proxy.target.Targets;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listener and everything that hangs on it. Safe for any thread. */
public final class ProxyServer implements AutoCloseable {
    /** Sent through the pipeline of every client when the proxy ends. */
    enum Stop {
        NOW
    }

    private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);
    private static final Refusal FULL =
            new Refusal(Status.SERVICE_UNAVAILABLE, "This proxy has as many clients as it takes; try again.");
    // Beyond the limit this many are still told so in words; further ones are closed at once.
    private static final int TOLD = 256;

    private final StreamLimits limits;
    private final Targets targets;
    private final Dialer dialer;
    private final Journal journal;
    private final Duration drain;
    private final EventLoopGroup loops;
    private final ChannelGroup clients = new DefaultChannelGroup("clients", GlobalEventExecutor.INSTANCE);
    private final AtomicInteger count = new AtomicInteger();
    private final Channel listener;

    private ProxyServer(
            InetSocketAddress address, Transport transport, StreamLimits limits, Targets targets, Wiring wiring)
            throws IOException {
        this.limits = limits;
        this.targets = targets;
        this.dialer = new Dialer(transport.dialling(limits));
        this.journal = wiring.journal();
        this.drain = wiring.drain();
        this.loops = transport.loops(wiring.threads());
        this.listener = bind(address, transport);
    }

    /**
     * What a server needs besides its address and its rules.
     *
     * @param threads event loops
     * @param drain how long open streams may go on once the server is told to end
     */
    public record Wiring(Journal journal, int threads, Duration drain) {}

    /** Binds and serves. */
    public static ProxyServer start(
            InetSocketAddress address, Transport transport, StreamLimits limits, Targets targets, Wiring wiring)
            throws IOException {
        ProxyServer server = new ProxyServer(address, transport, limits, targets, wiring);
        LOG.info("serving CONNECT on {} with {}", server.listener.localAddress(), transport);
        return server;
    }

    /** The port that is served, also where port 0 was asked for. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Whether new clients are accepted. */
    public boolean accepting() {
        return listener.isOpen();
    }

    /** Stops accepting, lets streams end by themselves for a while, resets the rest. */
    @Override
    public void close() {
        listener.close().awaitUninterruptibly();
        long deadline = System.nanoTime() + drain.toNanos();
        long left = drain.toNanos();
        while (!clients.isEmpty() && left > 0) {
            clients.newCloseFuture().awaitUninterruptibly(left, TimeUnit.NANOSECONDS);
            left = deadline - System.nanoTime();
        }
        if (!clients.isEmpty()) {
            LOG.info("ending {} clients that are still there after {} ms", clients.size(), drain.toMillis());
        }
        clients.forEach(client -> client.pipeline().fireUserEventTriggered(Stop.NOW));
        clients.newCloseFuture().awaitUninterruptibly(1, TimeUnit.SECONDS);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private Channel bind(InetSocketAddress address, Transport transport) throws IOException {
        var bound = transport
                .listener(loops, limits)
                .childHandler(new ChannelInitializer<DuplexChannel>() {
                    @Override
                    protected void initChannel(DuplexChannel client) {
                        accept(client);
                    }
                })
                .bind(address)
                .awaitUninterruptibly();
        if (!bound.isSuccess()) {
            loops.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
            throw new IOException(
                    "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    private void accept(DuplexChannel client) {
        int now = count.incrementAndGet();
        client.closeFuture().addListener(closed -> count.decrementAndGet());
        clients.add(client);
        if (now <= limits.clients()) {
            client.pipeline().addLast(new HeadHandler(limits, targets, dialer, journal));
            return;
        }
        journal.refused(client.remoteAddress(), null, Outcome.OVER_LIMIT, FULL.sentence());
        if (now <= limits.clients() + TOLD) {
            LastWord.say(client, FULL);
        } else {
            var _ = client.close();
        }
    }
}
