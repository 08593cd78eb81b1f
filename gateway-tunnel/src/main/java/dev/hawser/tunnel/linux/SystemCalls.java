// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
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

    private static final MethodHandle OPEN =
            variadic("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = plain("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle IOCTL =
            variadic("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
    private static final MethodHandle READ =
            plain("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, JAVA_LONG, JAVA_LONG));
    private static final MethodHandle EVENTFD = plain("eventfd", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle SOCKET =
            plain("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle BIND =
            plain("bind", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle GETSOCKNAME =
            plain("getsockname", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS));
    private static final MethodHandle SETSOCKOPT =
            plain("setsockopt", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle SENDMSG =
            plain("sendmsg", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT));
    private static final MethodHandle STRERROR = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private SystemCalls() {}

    private static MethodHandle plain(String name, FunctionDescriptor type) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), type, KEEP_ERRNO);
    }

    private static MethodHandle variadic(String name, int fixed, FunctionDescriptor type) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), type, KEEP_ERRNO, Linker.Option.firstVariadicArg(fixed));
    }

    static int open(MemorySegment path, int flags) {
        MemorySegment captured = CAPTURED.get();
        try {
            return outcome((int) OPEN.invokeExact(captured, path, flags, 0), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int close(int descriptor) {
        MemorySegment captured = CAPTURED.get();
        try {
            return outcome((int) CLOSE.invokeExact(captured, descriptor), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int ioctl(int descriptor, long request, MemorySegment argument) {
        MemorySegment captured = CAPTURED.get();
        try {
            return outcome((int) IOCTL.invokeExact(captured, descriptor, request, argument), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    /** Takes an address, not a segment: a slice per packet would be an allocation per packet. */
    static int read(int descriptor, long address, long length) {
        MemorySegment captured = CAPTURED.get();
        try {
            return outcome((long) READ.invokeExact(captured, descriptor, address, length), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int eventfd(int flags) {
        MemorySegment captured = CAPTURED.get();
        try {
            return outcome((int) EVENTFD.invokeExact(captured, 0, flags), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int socket(int domain, int type, int protocol) {
        MemorySegment captured = CAPTURED.get();
        try {
            return outcome((int) SOCKET.invokeExact(captured, domain, type, protocol), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int bind(int descriptor, MemorySegment address, int length) {
        MemorySegment captured = CAPTURED.get();
        try {
            return outcome((int) BIND.invokeExact(captured, descriptor, address, length), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int getsockname(int descriptor, MemorySegment address, MemorySegment length) {
        MemorySegment captured = CAPTURED.get();
        try {
            return outcome((int) GETSOCKNAME.invokeExact(captured, descriptor, address, length), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int setsockopt(int descriptor, int level, int option, int value) {
        MemorySegment captured = CAPTURED.get();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment argument = arena.allocateFrom(JAVA_INT, value);
            int size = Math.toIntExact(JAVA_INT.byteSize());
            return outcome((int) SETSOCKOPT.invokeExact(captured, descriptor, level, option, argument, size), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int sendmsg(int descriptor, MemorySegment message, int flags) {
        MemorySegment captured = CAPTURED.get();
        try {
            return outcome((long) SENDMSG.invokeExact(captured, descriptor, message, flags), captured);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    /** The system's own words for an error, e.g. {@code Operation not permitted}. */
    static String describe(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(Short.MAX_VALUE).getString(0);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    private static int outcome(long result, MemorySegment captured) {
        return result >= 0 ? (int) result : -(int) ERRNO.get(captured, 0L);
    }

    private static AssertionError bindingBroken(Throwable cause) {
        return new AssertionError("a C library binding does not fit its declared type", cause);
    }
}
