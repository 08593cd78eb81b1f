// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.hawser.lab.LabException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * An Ethernet interface whose wire is this program: what the kernel sends is read here, what is written here it receives.
 *
 * <p>It lives in the network namespace of the thread that opened it and vanishes when it is closed. One thread reads, one
 * writes; close it after both have stopped.
 */
@SuppressWarnings("restricted")
public final class Tap implements AutoCloseable {
    private static final int O_RDWR_CLOEXEC = 0x2 | 0x80000;
    private static final long TUNSETIFF = 0x400454caL;
    private static final short IFF_TAP_NO_PI = 0x0002 | 0x1000;
    private static final int IFREQ_SIZE = 40;
    private static final int IFREQ_FLAGS = 16;
    private static final int LONGEST_FRAME = 1 << 16;
    private static final short POLLIN = 1;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle OPEN = variadic("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle IOCTL =
            variadic("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle CLOSE = plain("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle POLL =
            plain("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle READ =
            plain("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));
    private static final MethodHandle WRITE =
            plain("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG));

    private final int descriptor;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment incoming = arena.allocate(LONGEST_FRAME);
    private final MemorySegment outgoing = arena.allocate(LONGEST_FRAME);
    private final MemorySegment poll = arena.allocate(Long.BYTES, Long.BYTES);

    private Tap(int descriptor) {
        this.descriptor = descriptor;
        poll.set(JAVA_INT, 0, descriptor);
        poll.set(JAVA_SHORT, Integer.BYTES, POLLIN);
    }

    /** Creates an interface in the calling thread's network namespace. */
    public static Tap open(String name) {
        try (Arena arena = Arena.ofConfined()) {
            int descriptor = (int) OPEN.invokeExact(arena.allocateFrom("/dev/net/tun"), O_RDWR_CLOEXEC);
            if (descriptor < 0) {
                throw new LabException("/dev/net/tun cannot be opened; does this machine have the TUN driver?");
            }
            MemorySegment request = arena.allocate(IFREQ_SIZE, Long.BYTES);
            request.setString(0, name);
            request.set(JAVA_SHORT, IFREQ_FLAGS, IFF_TAP_NO_PI);
            if ((int) IOCTL.invokeExact(descriptor, TUNSETIFF, request) < 0) {
                int closed = (int) CLOSE.invokeExact(descriptor);
                throw new LabException("the kernel makes no interface " + name + " (closed: " + closed
                        + "); is there one of this name already?");
            }
            return new Tap(descriptor);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The next frame, or an empty array if none comes in time. */
    public byte[] read(int timeoutMillis) {
        try {
            if ((int) POLL.invokeExact(poll, 1L, timeoutMillis) <= 0) {
                return new byte[0];
            }
            long length = (long) READ.invokeExact(descriptor, incoming, (long) LONGEST_FRAME);
            return length <= 0 ? new byte[0] : incoming.asSlice(0, length).toArray(JAVA_BYTE);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Gives the kernel a frame; returns false if it does not take it, because the interface is down. */
    public boolean write(byte[] frame) {
        MemorySegment.copy(frame, 0, outgoing, JAVA_BYTE, 0, frame.length);
        try {
            return (long) WRITE.invokeExact(descriptor, outgoing, (long) frame.length) == frame.length;
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Override
    public void close() {
        try {
            int closed = (int) CLOSE.invokeExact(descriptor);
            if (closed < 0) {
                throw new LabException("descriptor " + descriptor + " of an interface was closed by somebody else");
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable impossible) {
            throw new IllegalStateException(impossible);
        }
        arena.close();
    }

    private static MethodHandle plain(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type);
    }

    private static MethodHandle variadic(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, Linker.Option.firstVariadicArg(2));
    }
}
