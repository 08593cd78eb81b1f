// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.http.Authority;
import dev.hawser.proxy.http.ConnectRequest;
import dev.hawser.proxy.http.HeadParser;
import dev.hawser.proxy.http.HeadParser.Progress;
import dev.hawser.proxy.http.Refusal;
import dev.hawser.proxy.http.Status;
import dev.hawser.proxy.target.Dialer;
import dev.hawser.proxy.target.Targets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The first part of a client's life: from the accepted connection to a decision. Reads the head within its limits, asks
 * the allow list, dials, and only when the target is connected answers 200 by opening a {@link Stream}. Confined to the
 * client's event loop.
 */
final class HeadHandler extends ChannelInboundHandlerAdapter {
    private static final Refusal TOO_SLOW =
            new Refusal(Status.REQUEST_TIMEOUT, "The request head did not arrive in time.");

    private enum State {
        READING,
        DIALLING,
        DECIDED
    }

    private final StreamLimits limits;
    private final Targets targets;
    private final Dialer dialer;
    private final Journal journal;
    private final HeadParser parser;
    private State state = State.READING;
    /** What came behind the head, owned by this handler until a stream takes it. */
    private ByteBuf early = Unpooled.EMPTY_BUFFER;

    private @Nullable Authority target;
    private @Nullable ScheduledFuture<?> deadline;

    HeadHandler(StreamLimits limits, Targets targets, Dialer dialer, Journal journal) {
        this.limits = limits;
        this.targets = targets;
        this.dialer = dialer;
        this.journal = journal;
        this.parser = new HeadParser(limits.head());
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        deadline = context.executor()
                .schedule(() -> refuse(context, TOO_SLOW, ""), limits.headTime().toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        switch (state) {
            case READING -> read(context, bytes);
            case DIALLING -> keep(bytes);
            case DECIDED -> bytes.release();
        }
    }

    private void read(ChannelHandlerContext context, ByteBuf bytes) {
        Progress progress = HeadParser.MORE;
        while (progress instanceof Progress.More && bytes.isReadable()) {
            progress = parser.push(bytes.readByte());
        }
        switch (progress) {
            case Progress.More _ -> bytes.release();
            case Progress.Refused(Refusal refusal) -> {
                bytes.release();
                refuse(context, refusal, "");
            }
            case Progress.Complete(ConnectRequest request) -> {
                keep(bytes);
                decide(context, request.target());
            }
        }
    }

    /** Reading stops with the head, but what one read had already brought, or brings with the client's end, is kept. */
    private void keep(ByteBuf bytes) {
        if (!bytes.isReadable()) {
            bytes.release();
        } else if (early.isReadable()) {
            early = Unpooled.wrappedBuffer(early, bytes);
        } else {
            early = bytes;
        }
    }

    private void decide(ChannelHandlerContext context, Authority authority) {
        target = authority;
        InetSocketAddress address = targets.find(authority).orElse(null);
        if (address == null) {
            refuse(context, Targets.REFUSED, "");
            return;
        }
        state = State.DIALLING;
        cancelDeadline();
        context.channel().config().setAutoRead(false);
        dialer.dial(context.channel().eventLoop(), address)
                .addListener(done -> dialled(context, authority, (ChannelFuture) done));
    }

    private void dialled(ChannelHandlerContext context, Authority authority, ChannelFuture done) {
        if (state == State.DECIDED) {
            // The client went away meanwhile.
            var _ = done.channel().close();
            return;
        }
        if (!done.isSuccess()) {
            Throwable cause = done.cause();
            refuse(context, Dialer.refusal(cause), String.valueOf(cause.getMessage()));
            return;
        }
        state = State.DECIDED;
        ByteBuf handed = early;
        early = Unpooled.EMPTY_BUFFER;
        DuplexChannel client = (DuplexChannel) context.channel();
        client.pipeline().remove(this);
        new Stream(client, (DuplexChannel) done.channel(), authority, limits, journal).open(handed);
    }

    private void refuse(ChannelHandlerContext context, Refusal refusal, String detail) {
        if (!decided()) {
            return;
        }
        DuplexChannel client = (DuplexChannel) context.channel();
        journal.refused(
                client.remoteAddress(),
                target,
                Outcome.of(refusal.status()),
                detail.isEmpty() ? refusal.sentence() : detail);
        client.pipeline().remove(this);
        LastWord.say(client, refusal);
    }

    private void abandon(ChannelHandlerContext context) {
        if (decided()) {
            journal.abandoned(context.channel().remoteAddress(), target);
            var _ = context.close();
        }
    }

    /** Makes the decision final; false where it already was. */
    private boolean decided() {
        if (state == State.DECIDED) {
            return false;
        }
        state = State.DECIDED;
        cancelDeadline();
        early.release();
        early = Unpooled.EMPTY_BUFFER;
        return true;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        // A client that said its last behind a complete head may still be answered; the stream will find out.
        boolean gone = event instanceof ChannelInputShutdownEvent && state == State.READING;
        if (gone || event instanceof ProxyServer.Stop) {
            abandon(context);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        abandon(context);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        var _ = context.close();
    }

    private void cancelDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
