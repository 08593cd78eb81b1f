// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The system calls of sockets and devices, bound once; those for every packet are {@link PacketCalls}.
 *
 * <p>A call that fails returns the negated {@code errno}, as the kernel itself does; so the caller needs no second look-up
 * and nothing is thrown on the packet path. <b>Threads:</b> any; the captured {@code errno} is per thread. Binding by the
 * C library instead of {@code syscall(2)} keeps the calls the same on every architecture.
 */
@SuppressWarnings("restricted")
final class SystemCalls {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURE.varHandle(PathElement.groupElement("errno"));
    private static final Linker.Option KEEP_ERRNO = Linker.Option.captureCallState("errno");

    /** One capture buffer per thread: {@code errno} is per thread as well, and a call must not allocate. */
    private static final ThreadLocal<MemorySegment> CAPTURED =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(CAPTURE));

    /**
     * Every function has the type of five numbers. It costs milliseconds of a gateway's start to make a type ready, and both calling
     * conventions (System V AMD64 section 3.2.3, AAPCS64 section 6.8.2) pass numbers and pointers in registers, of which a function
     * looks only at those, and at as much of each, as it was declared with.
     */
    private static final FunctionDescriptor NUMBERS =
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

    private static final MethodHandle CALL = LINKER.downcallHandle(NUMBERS, KEEP_ERRNO);
    /** The last argument of a function with an ellipsis is passed differently on some systems. */
    private static final MethodHandle VARIADIC = LINKER.downcallHandle(
            FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
            KEEP_ERRNO,
            Linker.Option.firstVariadicArg(2));

    private static final MemorySegment OPEN = function("open");
    private static final MemorySegment CLOSE = function("close");
    private static final MemorySegment IOCTL = function("ioctl");
    private static final MemorySegment READ = function("read");
    private static final MemorySegment EVENTFD = function("eventfd");
    private static final MemorySegment SOCKET = function("socket");
    private static final MemorySegment BIND = function("bind");
    private static final MemorySegment GETSOCKNAME = function("getsockname");
    private static final MemorySegment SETSOCKOPT = function("setsockopt");
    private static final MemorySegment SENDMSG = function("sendmsg");
    private static final MemorySegment STRERROR = function("strerror");

    private SystemCalls() {}

    private static MemorySegment function(String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }

    static int open(MemorySegment path, int flags) {
        return variadic(OPEN, path.address(), flags, 0);
    }

    static int close(int descriptor) {
        return call(CLOSE, descriptor, 0, 0, 0, 0);
    }

    static int ioctl(int descriptor, long request, MemorySegment argument) {
        return variadic(IOCTL, descriptor, request, argument.address());
    }

    /** Takes an address, not a segment: a slice per packet would be an allocation per packet. */
    static int read(int descriptor, long address, long length) {
        return call(READ, descriptor, address, length, 0, 0);
    }

    static int eventfd(int flags) {
        return call(EVENTFD, 0, flags, 0, 0, 0);
    }

    static int socket(int domain, int type, int protocol) {
        return call(SOCKET, domain, type, protocol, 0, 0);
    }

    static int bind(int descriptor, MemorySegment address, int length) {
        return call(BIND, descriptor, address.address(), length, 0, 0);
    }

    static int getsockname(int descriptor, MemorySegment address, MemorySegment length) {
        return call(GETSOCKNAME, descriptor, address.address(), length.address(), 0, 0);
    }

    static int setsockopt(int descriptor, int level, int option, int value) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argument = arena.allocateFrom(JAVA_INT, value);
            return call(SETSOCKOPT, descriptor, level, option, argument.address(), JAVA_INT.byteSize());
        }
    }

    static int sendmsg(int descriptor, MemorySegment message, int flags) {
        return call(SENDMSG, descriptor, message.address(), flags, 0, 0);
    }

    /** The system's own words for an error, e.g. {@code Operation not permitted}. */
    static String describe(int errno) {
        try {
            long text = (long) CALL.invokeExact(STRERROR, CAPTURED.get(), (long) errno, 0L, 0L, 0L, 0L);
            return MemorySegment.ofAddress(text).reinterpret(Short.MAX_VALUE).getString(0);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    /** The caller keeps what addresses point to alive. */
    private static int call(MemorySegment function, long a, long b, long c, long d, long e) {
        MemorySegment captured = CAPTURED.get();
        try {
            return outcome((long) CALL.invokeExact(function, captured, a, b, c, d, e), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    private static int variadic(MemorySegment function, long a, long b, long c) {
        MemorySegment captured = CAPTURED.get();
        try {
            return outcome((long) VARIADIC.invokeExact(function, captured, a, b, c), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    /** What a function of type int leaves in the upper half of the register means nothing; counts fit the lower one. */
    private static int outcome(long result, MemorySegment captured) {
        int value = (int) result;
        return value >= 0 ? value : -(int) ERRNO.get(captured, 0L);
    }

    private static AssertionError bindingBroken(Throwable cause) {
        return new AssertionError("a C library binding does not fit its declared type", cause);
    }
}
