// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.target;

import dev.hawser.proxy.http.ProxyError;
import dev.hawser.proxy.http.Refusal;
import dev.hawser.proxy.http.Status;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * The opening of connections to targets. Safe for any thread; each connection lives on the event loop it is dialled
 * on, which is the loop of the client it is for, so that a stream needs no lock. How long it may take is the caller's to
 * say: cancelling the future ends the dial.
 */
public final class Dialer {
    private final Bootstrap template;
    private final NameLookup names;

    /**
     * A dialer that opens connections as the template says.
     *
     * @param template channel type and options; must not read by itself (AUTO_READ off), since what a target says before
     *     the stream stands would have nowhere to go
     */
    public Dialer(Bootstrap template, NameLookup names) {
        this.template = template;
        this.names = names;
    }

    /**
     * Begins to connect. The future's channel reads nothing yet.
     *
     * @param handler all that the connection's pipeline will ever have; not used if there is no connection
     */
    public Future<Channel> dial(EventLoop loop, InetSocketAddress address, ChannelHandler handler) {
        Promise<Channel> connected = loop.newPromise();
        if (address.isUnresolved()) {
            // The system's resolver blocks, which no event loop may.
            Thread.ofVirtual().name("lookup").start(() -> lookUp(loop, address, handler, connected));
        } else {
            connect(loop, address, handler, connected);
        }
        return connected;
    }

    private void lookUp(EventLoop loop, InetSocketAddress name, ChannelHandler handler, Promise<Channel> connected) {
        try {
            InetSocketAddress address = names.find(name.getHostString(), name.getPort());
            loop.execute(() -> connect(loop, address, handler, connected));
        } catch (IOException e) {
            connected.tryFailure(e);
        }
    }

    private void connect(
            EventLoop loop, InetSocketAddress address, ChannelHandler handler, Promise<Channel> connected) {
        if (connected.isDone()) {
            return;
        }
        var attempt = template.clone(loop).handler(handler).connect(address);
        attempt.addListener(done -> {
            if (!done.isSuccess()) {
                connected.tryFailure(done.cause());
            } else if (!connected.trySuccess(attempt.channel())) {
                var _ = attempt.channel().close();
            }
        });
        connected.addListener(done -> {
            if (done.isCancelled()) {
                var _ = attempt.channel().close();
            }
        });
    }

    /** What a client is told about a dial that failed. The system's own words stay in the log. */
    public static Refusal refusal(Throwable cause) {
        if (cause instanceof NameLookup.ProhibitedException) {
            return failed(ProxyError.DESTINATION_IP_PROHIBITED);
        }
        if (cause instanceof UnknownHostException) {
            return failed(ProxyError.DNS_ERROR);
        }
        return failed(
                cause instanceof ConnectException ? ProxyError.CONNECTION_REFUSED : ProxyError.DESTINATION_UNAVAILABLE);
    }

    /** What a client is told when the target said neither yes nor no in time. */
    public static Refusal tooSlow() {
        return new Refusal(Status.GATEWAY_TIMEOUT, ProxyError.CONNECTION_TIMEOUT, "The target did not answer in time.");
    }

    private static Refusal failed(ProxyError error) {
        return new Refusal(Status.BAD_GATEWAY, error, "The target could not be connected.");
    }
}
