// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/**
 * The system calls that are made for packets, without the reason of a failure: -1 is all a caller learns. Whoever needs
 * the reason asks again through {@link SystemCalls}.
 *
 * <p>To keep {@code errno}, the JDK makes an object for each call (JDK 25, {@code SharedUtils.checkCaptureSegment}), and the
 * compiler takes it away again only where it inlines all of the binding; in the send path it gave up half-way, which left
 * 40 bytes for each train. Addresses travel as numbers for the same reason. <b>Threads:</b> any.
 */
@SuppressWarnings("restricted")
final class PacketCalls {
    private static final Linker LINKER = Linker.nativeLinker();
    // One type for all of them, as in SystemCalls.
    private static final FunctionDescriptor NUMBERS = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    private static final MethodHandle READ = bound("read");
    private static final MethodHandle WRITE = bound("write");
    private static final MethodHandle POLL = bound("poll");
    private static final MethodHandle SENDMSG = bound("sendmsg");
    private static final MethodHandle RECVMSG = bound("recvmsg");

    private PacketCalls() {}

    private static MethodHandle bound(String name) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), NUMBERS);
    }

    static int read(int descriptor, long address, long length) {
        try {
            return (int) (long) READ.invokeExact((long) descriptor, address, length);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int write(int descriptor, long address, long length) {
        try {
            return (int) (long) WRITE.invokeExact((long) descriptor, address, length);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int poll(long descriptors, long count, int timeoutMillis) {
        try {
            return (int) (long) POLL.invokeExact(descriptors, count, (long) timeoutMillis);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int sendmsg(int descriptor, long message) {
        try {
            return (int) (long) SENDMSG.invokeExact((long) descriptor, message, 0L);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    static int recvmsg(int descriptor, long message) {
        try {
            return (int) (long) RECVMSG.invokeExact((long) descriptor, message, 0L);
        } catch (Throwable impossible) {
            throw bindingBroken(impossible);
        }
    }

    private static AssertionError bindingBroken(Throwable cause) {
        return new AssertionError("a C library binding does not fit its declared type", cause);
    }
}
