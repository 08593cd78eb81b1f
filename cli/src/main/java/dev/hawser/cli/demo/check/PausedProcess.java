// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.lab.linux.SystemCalls;
import dev.hawser.lab.process.Signal;

/** A process that stands still until this is closed, or until this JVM ends: Ctrl-C in a check must not leave it so. */
final class PausedProcess implements AutoCloseable {
    private final long pid;
    private final Thread onExit;

    private PausedProcess(long pid) {
        this.pid = pid;
        this.onExit = new Thread(this::resume, "demo-resume-" + pid);
    }

    static PausedProcess pause(long pid) {
        PausedProcess paused = new PausedProcess(pid);
        Runtime.getRuntime().addShutdownHook(paused.onExit);
        SystemCalls.kill(pid, Signal.STOP.number());
        return paused;
    }

    @Override
    public void close() {
        resume();
        try {
            Runtime.getRuntime().removeShutdownHook(onExit);
        } catch (IllegalStateException theJvmEnds) {
            // It does the same.
        }
    }

    @Override
    public String toString() {
        return "process " + pid;
    }

    private void resume() {
        SystemCalls.kill(pid, Signal.CONT.number());
    }
}
