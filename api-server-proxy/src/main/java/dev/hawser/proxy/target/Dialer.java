// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.target;

import dev.hawser.proxy.http.Refusal;
import dev.hawser.proxy.http.Status;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;

/**
 * The opening of connections to targets. Safe for any thread; each connection lives on the event loop it is dialled
 * on, which is the loop of the client it is for, so that a stream needs no lock.
 */
public final class Dialer {
    private final Bootstrap template;

    /**
     * A dialer that opens connections as the template says.
     *
     * @param template channel type and options; must not read by itself (AUTO_READ off), since what a target says before
     *     the stream stands would have nowhere to go
     */
    public Dialer(Bootstrap template) {
        this.template = template;
    }

    /** Begins to connect. The future's channel has an empty pipeline and reads nothing yet. */
    public ChannelFuture dial(EventLoop loop, InetSocketAddress address) {
        return template.clone(loop).handler(new ChannelInboundHandlerAdapter()).connect(address);
    }

    /** What a client is told about a dial that failed. The system's own words stay in the log. */
    public static Refusal refusal(Throwable cause) {
        return cause instanceof ConnectTimeoutException
                ? new Refusal(Status.GATEWAY_TIMEOUT, "The target did not answer in time.")
                : new Refusal(Status.BAD_GATEWAY, "The target could not be connected.");
    }
}
