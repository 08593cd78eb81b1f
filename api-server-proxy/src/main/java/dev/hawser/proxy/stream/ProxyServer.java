// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.admission.Admission;
import dev.hawser.proxy.admission.Place;
import dev.hawser.proxy.admission.Verdict;
import dev.hawser.proxy.http.Refusal;
import dev.hawser.proxy.target.Dialer;
import dev.hawser.proxy.target.NameLookup;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listener and everything that hangs on it. Safe for any thread. */
public final class ProxyServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyServer.class);
    /** So many are told at once why they got no place; further ones are closed without a word. */
    private static final int TOLD = 256;

    private static final Duration LOOK = Duration.ofMillis(20);

    private final Parts parts;
    private final EventLoopGroup loops;
    private final Map<EventExecutor, Watch> watches = new HashMap<>();
    private final Optional<TlsFront> tls;
    private final Channel listener;
    private volatile Policy policy;
    private volatile boolean accepting = true;

    private ProxyServer(InetSocketAddress address, Transport transport, Policy policy, Wiring wiring)
            throws IOException {
        this.policy = policy;
        this.parts = new Parts(
                wiring.admission(),
                new Dialer(transport.dialling(wiring.held()), wiring.names()),
                wiring.journal(),
                this::policy,
                wiring.held(),
                new AtomicInteger());
        this.tls = wiring.tls();
        this.loops = transport.loops(wiring.threads());
        loops.forEach(loop -> watches.put(loop, new Watch((EventLoop) loop)));
        this.listener = bind(address, transport);
    }

    /**
     * What a server needs besides its address and its policy.
     *
     * @param names the lookup of targets that are allowed by name
     * @param tls spoken with clients, if any
     * @param held what streams hold for sides that do not read
     * @param threads event loops
     */
    public record Wiring(
            Journal journal,
            Admission admission,
            NameLookup names,
            Optional<TlsFront> tls,
            HeldBytes held,
            int threads) {}

    /** Binds and serves. */
    public static ProxyServer start(InetSocketAddress address, Transport transport, Policy policy, Wiring wiring)
            throws IOException {
        ProxyServer server = new ProxyServer(address, transport, policy, wiring);
        LOG.info("serving CONNECT on {} with {}", server.listener.localAddress(), transport);
        return server;
    }

    /** Replaces what holds for whoever comes from now on. */
    public void policy(Policy newPolicy) {
        policy = newPolicy;
    }

    /** The port that is served, also where port 0 was asked for. */
    public int port() {
        return ((InetSocketAddress) listener.localAddress()).getPort();
    }

    /** Whether new clients are welcome: no longer when the server has been told to end, although it still takes some. */
    public boolean accepting() {
        return accepting;
    }

    /**
     * Ends in steps, none of which surprises anybody: says that it is not ready, goes on as before until that is known,
     * refuses whoever still comes, lets streams end by themselves, and ends the rest.
     */
    @Override
    public synchronized void close() {
        if (!accepting) {
            return;
        }
        accepting = false;
        Policy last = policy;
        LOG.info("ending: new tunnels for another {} ms", last.drainDelay().toMillis());
        await(last.drainDelay(), () -> false);
        parts.admission().drain();
        watches.forEach((loop, watch) -> loop.execute(watch::drainAll));
        await(last.drainGrace(), () -> parts.admission().tunnels() == 0);
        int left = parts.admission().tunnels();
        if (left > 0) {
            LOG.warn(
                    "closing {} clients that are still there after {} ms more",
                    left,
                    last.drainGrace().toMillis());
        }
        listener.close().awaitUninterruptibly();
        watches.forEach((loop, watch) -> loop.execute(watch::stopAll));
        await(Duration.ofSeconds(1), () -> parts.admission().tunnels() == 0);
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }

    private Policy policy() {
        return policy;
    }

    private Channel bind(InetSocketAddress address, Transport transport) throws IOException {
        var bound = transport
                .listener(loops, parts.held())
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
        InetSocketAddress address = (InetSocketAddress) client.remoteAddress();
        if (address == null) {
            // Gone before anybody looked.
            var _ = client.close();
            return;
        }
        Watch watch = Objects.requireNonNull(watches.get(client.eventLoop()));
        switch (parts.admission().arrive(IpAddress.ofBytes(address.getAddress().getAddress()), System.nanoTime())) {
            case Place place -> {
                tls.ifPresent(front -> client.pipeline().addLast(handler(front, client)));
                client.pipeline().addLast(new HeadHandler(parts, watch, place, tls.isPresent()));
            }
            case Verdict.Denied denied -> deny(client, watch, denied);
        }
    }

    private static SslHandler handler(TlsFront front, DuplexChannel client) {
        SslHandler handler = front.context().newHandler(client.alloc());
        // The time for the request's head is the time for the handshake, too.
        handler.setHandshakeTimeoutMillis(0);
        return handler;
    }

    private void deny(DuplexChannel client, Watch watch, Verdict.Denied denied) {
        parts.journal().denied(client.remoteAddress(), denied.peer(), Reason.of(denied.denial()));
        // With TLS a word would cost a handshake, which is what somebody who comes too often must not get.
        if (parts.told().incrementAndGet() <= TOLD && tls.isEmpty()) {
            Refusal refusal = Reason.refusal(denied.denial(), denied.retryAfterSeconds());
            LastWord.say(client, watch, refusal, parts.told()::decrementAndGet);
        } else {
            parts.told().decrementAndGet();
            var _ = client.close();
        }
    }

    private static void await(Duration most, BooleanSupplier done) {
        long deadline = System.nanoTime() + most.toNanos();
        try {
            while (!done.getAsBoolean() && System.nanoTime() - deadline < 0) {
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
