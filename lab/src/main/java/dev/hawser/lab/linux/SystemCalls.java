// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.hawser.lab.LabException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * System calls on the calling thread: leaving and entering network namespaces, sending signals.
 *
 * <p>A namespace belongs to a thread, not to a process, so {@link #unshareNetwork} and {@link #enterNetwork} must run on
 * a platform thread that is never given back: on a virtual thread they would move its carrier.
 */
@SuppressWarnings("restricted")
public final class SystemCalls {
    private static final int CLONE_NEWNET = 0x40000000;
    private static final int O_RDONLY = 0;
    private static final int O_CLOEXEC = 0x80000;
    private static final int ESRCH = 3;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final MethodHandle UNSHARE = handle("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    private static final MethodHandle SETNS = handle("setns", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle KILL = handle("kill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
    private static final MethodHandle CLOSE = handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
    // open(2) is variadic; without O_CREAT the third argument is never read, so none is declared.
    private static final MethodHandle OPEN = LINKER.downcallHandle(
            LINKER.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT),
            Linker.Option.firstVariadicArg(2),
            Linker.Option.captureCallState("errno"));

    private SystemCalls() {}

    /** Moves the calling thread into a new, empty network namespace, which lives as long as something is in it. */
    public static void unshareNetwork() {
        requirePlatformThread();
        check("unshare(CLONE_NEWNET)", "root or CAP_SYS_ADMIN is needed", invoke(UNSHARE, CLONE_NEWNET));
    }

    /** Moves the calling thread into the network namespace that the file {@code namespace} stands for. */
    public static void enterNetwork(Path namespace) {
        requirePlatformThread();
        int descriptor = open(namespace);
        try {
            check(
                    "setns(" + namespace + ")",
                    "root or CAP_SYS_ADMIN is needed",
                    invoke(SETNS, descriptor, CLONE_NEWNET));
        } finally {
            invoke(CLOSE, descriptor);
        }
    }

    /**
     * Sends a signal to one process.
     *
     * @return false if there is no such process any more
     */
    public static boolean kill(long pid, int signal) {
        Result result = invoke(KILL, Math.toIntExact(pid), signal);
        if (result.value < 0 && result.errno == ESRCH) {
            return false;
        }
        check("kill(" + pid + ", " + signal + ")", "the process belongs to somebody else", result);
        return true;
    }

    /** The network namespace of the calling thread, as a path that other processes can open while the thread lives. */
    public static Path networkOfThisThread() {
        try {
            // /proc/thread-self reads "PID/task/TID".
            Path self = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            return Path.of("/proc").resolve(self).resolve("ns/net");
        } catch (IOException e) {
            throw new UncheckedIOException("/proc/thread-self cannot be read; is /proc mounted?", e);
        }
    }

    private static int open(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            Result result = invoke(OPEN, arena.allocateFrom(path.toString()), O_RDONLY | O_CLOEXEC);
            check("open(" + path + ")", "the thread or process that held it is gone", result);
            return result.value;
        }
    }

    private static void requirePlatformThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "a virtual thread must not change namespaces: its carrier would stay there");
        }
    }

    private static void check(String call, String hint, Result result) {
        if (result.value < 0) {
            throw new LabException(call + " failed with errno " + result.errno + "; " + hint);
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), descriptor, Linker.Option.captureCallState("errno"));
    }

    private static Result invoke(MethodHandle function, Object... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(STATE);
            Object[] all = new Object[arguments.length + 1];
            all[0] = state;
            System.arraycopy(arguments, 0, all, 1, arguments.length);
            int value = (int) function.invokeWithArguments(all);
            return new Result(value, (int) ERRNO.get(state, 0L));
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private record Result(int value, int errno) {}
}
