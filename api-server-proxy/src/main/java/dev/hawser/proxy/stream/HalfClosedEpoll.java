// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll handler with one of its faults worked around. Confined to its event loop like the handler inside.
 *
 * <p>Netty 4.2.18 takes a socket out of epoll when there is nothing to wait for at the moment, but then believes it is
 * still in: the next wish to read or write fails with ENOENT, and the connection with it. That moment comes with every
 * half-closed socket that has nothing to send just now, or is paused for back-pressure, which here is daily business
 * ({@code StreamTest} loses data without this class). Earlier versions left the socket in with an empty mask, and a
 * paused socket whose peer was gone kept the loop awake without end.
 *
 * <p>An empty wish is therefore passed on as a bare EPOLLET: the socket stays in, and a hang-up wakes the loop once.
 */
final class HalfClosedEpoll implements IoHandler {
    private final IoHandler epoll;

    private HalfClosedEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return (ThreadAwareExecutor executor) -> new HalfClosedEpoll(factory.newHandler(executor));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Registration(epoll.register(handle));
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return epoll.isCompatible(type);
    }

    private static final class Registration implements IoRegistration {
        private final IoRegistration registration;
        // Before the first wish the socket is not in epoll, and must not be: it may not be connected yet.
        private boolean added;

        private Registration(IoRegistration registration) {
            this.registration = registration;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // The interface has it so.
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            boolean nothing = ops.equals(EpollIoOps.NONE);
            added |= !nothing;
            return registration.submit(nothing && added ? EpollIoOps.EPOLLET : ops);
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }
}
