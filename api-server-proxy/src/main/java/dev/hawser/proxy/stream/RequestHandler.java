// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import dev.hawser.proxy.admission.Denial;
import dev.hawser.proxy.admission.Place;
import dev.hawser.proxy.http.Authority;
import dev.hawser.proxy.http.ProxyError;
import dev.hawser.proxy.http.Refusal;
import dev.hawser.proxy.http.Status;
import dev.hawser.proxy.target.Dialer;
import dev.hawser.proxy.target.Targets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The first part of a client's life, from its arrival to a decision: waits for the request within its time, asks the allow
 * list, dials, and only when the target is connected hands over to a {@link Stream}. The same in every version of HTTP; how
 * a request is read and an answer written is its heirs' business. Confined to the client's event loop.
 */
abstract class RequestHandler extends ChannelInboundHandlerAdapter {
    private static final Refusal TOO_SLOW = new Refusal(
            Status.REQUEST_TIMEOUT, ProxyError.HTTP_REQUEST_ERROR, "The request head did not arrive in time.");

    /**
     * <pre>
     * READING --request--> DIALLING --target's answer--> DECIDED
     *    \----refused, too late, gone, stopped---------->/
     * </pre>
     */
    enum State {
        READING,
        DIALLING,
        DECIDED
    }

    private final class Deadline extends Watch.Living {
        @Override
        void late(long now) {
            tooLate();
        }

        @Override
        void stop() {
            abandon();
        }
    }

    private final Parts parts;
    private final Watch watch;
    private final Policy policy;
    private final Place place;
    private final Deadline deadline = new Deadline();
    private State state = State.READING;
    private @Nullable ChannelHandlerContext context;
    private @Nullable Authority target;
    private @Nullable Future<Channel> dial;
    private long dialBegin;
    /** What came behind the request, in a buffer of its own, until a stream takes it. */
    private ByteBuf early = Unpooled.EMPTY_BUFFER;

    private long earlyHeld;

    RequestHandler(Parts parts, Watch watch, Place place) {
        this.parts = parts;
        this.watch = watch;
        this.policy = parts.policy().get();
        this.place = place;
    }

    /** Writes the refusal, ends the client's connection or stream, and gives the place back when that is done. */
    abstract void answer(ChannelHandlerContext client, Refusal refusal, Place held);

    /** Ends the client's connection or stream without an answer. */
    abstract void hangUp(ChannelHandlerContext client);

    /** Answers 200 and begins to copy. */
    abstract void connected(ChannelHandlerContext client, End targetEnd, Stream.Opening opening);

    @Nullable
    SocketAddress address(ChannelHandlerContext client) {
        return client.channel().remoteAddress();
    }

    final State state() {
        return state;
    }

    final StreamLimits limits() {
        return policy.limits();
    }

    final Watch watch() {
        return watch;
    }

    final Parts parts() {
        return parts;
    }

    final Place place() {
        return place;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
        watch.set(deadline, policy.limits().headTime(), System.nanoTime());
    }

    /**
     * Keeps what comes before the answer, in one piece: a client may send it in very small ones.
     *
     * @param bytes whose ownership passes
     * @return how many bytes are kept now
     */
    final int keep(ChannelHandlerContext client, ByteBuf bytes) {
        if (bytes.isReadable() && !early.isReadable()) {
            early = bytes;
        } else {
            early = bytes.isReadable() ? early.writeBytes(bytes) : early;
            bytes.release();
        }
        long more = early.capacity() - earlyHeld;
        earlyHeld += more;
        if (more > 0 && !parts.held().hold(more)) {
            refuse(client, Reason.NO_MEMORY, Reason.MEMORY, "");
        }
        return early.readableBytes();
    }

    /** What was kept, now the caller's. */
    final ByteBuf takeEarly() {
        ByteBuf taken = early;
        early = Unpooled.EMPTY_BUFFER;
        parts.held().letGo(earlyHeld);
        earlyHeld = 0;
        return taken;
    }

    /** A valid request has come. */
    final void decide(ChannelHandlerContext client, Authority authority) {
        if (state == State.DECIDED) {
            return;
        }
        target = authority;
        InetSocketAddress address = policy.targets().find(authority).orElse(null);
        if (address == null) {
            refuse(client, Targets.REFUSED, Reason.TARGET, "");
            return;
        }
        if (!place.dial()) {
            refuse(client, Reason.refusal(Denial.PENDING_DIALS, 1), Reason.PENDING_DIALS, "");
            return;
        }
        state = State.DIALLING;
        dialBegin = System.nanoTime();
        watch.set(deadline, policy.limits().dialTime(), dialBegin);
        SocketEnd end = new SocketEnd();
        dial = parts.dialer().dial(client.channel().eventLoop(), address, end);
        dial.addListener(done -> dialled(client, authority, end, done));
    }

    private void dialled(ChannelHandlerContext client, Authority authority, SocketEnd end, Future<?> done) {
        place.dialled();
        if (state == State.DECIDED) {
            // The client went away meanwhile, or it took too long.
            if (done.isSuccess()) {
                end.close(false);
            }
            return;
        }
        parts.journal().dialled(System.nanoTime() - dialBegin);
        if (!done.isSuccess()) {
            Throwable cause = done.cause();
            Refusal refusal = Dialer.refusal(cause);
            refuse(client, refusal, Reason.of(refusal), told(cause));
            return;
        }
        state = State.DECIDED;
        watch.remove(deadline);
        connected(
                client,
                end,
                new Stream.Opening(place, address(client), authority, policy.limits(), parts.journal(), parts.held()));
    }

    /** A closed channel has no message of its own. */
    private static String told(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    final void refuse(ChannelHandlerContext client, Refusal refusal, Reason reason, String detail) {
        if (decided()) {
            parts.journal()
                    .refused(
                            address(client),
                            place.peer(),
                            target,
                            reason,
                            detail.isEmpty() ? refusal.sentence() : detail);
            answer(client, refusal, place);
        }
    }

    private void tooLate() {
        ChannelHandlerContext client = context;
        if (client == null) {
            return;
        }
        switch (state) {
            case READING -> refuse(client, TOO_SLOW, Reason.HEAD_TIME, "");
            case DIALLING -> {
                parts.journal().dialled(System.nanoTime() - dialBegin);
                refuse(client, Dialer.tooSlow(), Reason.DIAL_TIME, "");
            }
            case DECIDED -> {
                // The list of those who wait was made before the decision.
            }
        }
    }

    /** The client is gone, or all is over. */
    final void abandon() {
        ChannelHandlerContext client = context;
        if (client != null && decided()) {
            parts.journal().abandoned(address(client), target);
            place.release();
            hangUp(client);
        }
    }

    /** The connection turns out not to be a request: the place is somebody else's from now on. */
    final void handOver() {
        state = State.DECIDED;
        watch.remove(deadline);
    }

    /** Makes the decision final; false where it already was. */
    private boolean decided() {
        if (state == State.DECIDED) {
            return false;
        }
        state = State.DECIDED;
        watch.remove(deadline);
        if (dial != null) {
            dial.cancel(false);
        }
        takeEarly().release();
        return true;
    }

    @Override
    public void channelInactive(ChannelHandlerContext client) {
        abandon();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext client, Throwable cause) {
        abandon();
    }

    /** How long a request may take, for those who wait for the next one. */
    final Duration headTime() {
        return policy.limits().headTime();
    }
}
