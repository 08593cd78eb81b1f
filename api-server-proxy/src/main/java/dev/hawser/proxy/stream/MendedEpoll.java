// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's epoll handler with three of its faults worked around, and with fewer calls into the kernel. Confined to its event
 * loop like the handler inside.
 *
 * <p><b>Half-closed sockets.</b> Netty 4.2.18 takes a socket out of epoll when there is nothing to wait for at the moment,
 * but then believes it is still in: the next wish to read or write fails with ENOENT, and the connection with it. That moment
 * comes with every half-closed socket that has nothing to send just now, or is paused for back-pressure, which here is daily
 * business ({@code StreamTest} loses data without this class). Earlier versions left the socket in with an empty mask, and a
 * paused socket whose peer was gone kept the loop awake without end.
 *
 * <p>An empty wish is therefore passed on as a bare EPOLLET: the socket stays in, and a hang-up wakes the loop once.
 *
 * <p><b>Ends that are still far.</b> Told that the other side has said its last (EPOLLRDHUP), Netty reads all that lies in front of
 * that into memory, megabytes, even of a socket that is paused. So it is not told; it finds the end where it is, by reading.
 *
 * <p><b>Descriptors used again.</b> Netty finds the socket an event is for by its descriptor, when the event's turn comes. By
 * then the socket may be closed, on account of an earlier event of the same batch, and its descriptor be that of a new one,
 * which a still earlier one made Netty open: the new one is told of the old one's end. One dial in some 9,000 failed for that
 * with a closed channel, under 200 clients that come and go ({@code MendedEpollTest} brings it about at will).
 *
 * <p>Whatever arrives in the run in which a socket was registered was fetched from the kernel before, and is dropped.
 *
 * <p><b>Fewer calls.</b> A connection changes its wishes several times while one event is worked on; the kernel is told of the
 * last one only, before the loop waits again.
 */
final class MendedEpoll implements IoHandler {
    private static final Logger LOG = LoggerFactory.getLogger(MendedEpoll.class);

    private final IoHandler epoll;
    /** Counts the batches of events; what is registered while one is being handled has no part in it. */
    private long run;

    private boolean running;
    private List<Registration> changed = new ArrayList<>();
    private List<Registration> spare = new ArrayList<>();

    private MendedEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory factory = EpollIoHandler.newFactory();
        return (ThreadAwareExecutor executor) -> new MendedEpoll(factory.newHandler(executor));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        tellKernel();
        run++;
        running = true;
        try {
            return epoll.run(context);
        } finally {
            running = false;
        }
    }

    /** What a failure closes may wish something itself; that is told with the next run. */
    private void tellKernel() {
        List<Registration> now = changed;
        changed = spare;
        now.forEach(Registration::tell);
        now.clear();
        spare = now;
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
        return new Registration(epoll.register(new Handle((EpollIoHandle) handle, running ? run : 0)), handle);
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> type) {
        return epoll.isCompatible(type);
    }

    /** A socket that hears nothing of the batch of events in which it was registered; 0 is no batch. */
    @SuppressWarnings("try") // Closing is declared as it is in the interface; here it is never interrupted.
    private final class Handle implements EpollIoHandle {
        private final EpollIoHandle handle;
        private final long registeredIn;

        private Handle(EpollIoHandle handle, long registeredIn) {
            this.handle = handle;
            this.registeredIn = registeredIn;
        }

        @Override
        public FileDescriptor fd() {
            return handle.fd();
        }

        @Override
        public void handle(IoRegistration registration, IoEvent event) {
            if (registeredIn != run) {
                handle.handle(registration, event);
            }
        }

        @Override
        public void registered() {
            handle.registered();
        }

        @Override
        public void unregistered() {
            handle.unregistered();
        }

        @Override
        public void close() throws Exception {
            handle.close();
        }
    }

    private final class Registration implements IoRegistration {
        private final IoRegistration registration;
        private final IoHandle handle;
        private EpollIoOps wished = EpollIoOps.NONE;
        private EpollIoOps told = EpollIoOps.NONE;
        private boolean queued;

        private Registration(IoRegistration registration, IoHandle handle) {
            this.registration = registration;
            this.handle = handle;
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // The interface has it so.
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public long submit(IoOps ops) {
            wished = (EpollIoOps) ops;
            if (!queued) {
                queued = true;
                changed.add(this);
            }
            return wished.value();
        }

        private void tell() {
            queued = false;
            // Before the first wish the socket is not in epoll, and must not be: it may not be connected yet.
            boolean added = !told.equals(EpollIoOps.NONE);
            EpollIoOps ops = wished.without(EpollIoOps.EPOLLRDHUP);
            if (ops.equals(EpollIoOps.NONE) && added) {
                ops = EpollIoOps.EPOLLET;
            }
            if (ops.equals(told) || !registration.isValid()) {
                return;
            }
            told = ops;
            try {
                registration.submit(ops);
            } catch (RuntimeException refused) {
                LOG.debug("the kernel does not watch {}", handle, refused);
                giveUp();
            }
        }

        private void giveUp() {
            try {
                handle.close();
            } catch (Exception e) {
                LOG.debug("{} could not be closed", handle, e);
            }
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
