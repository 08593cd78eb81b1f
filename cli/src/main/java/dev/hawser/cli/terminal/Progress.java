// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.terminal;

import java.io.PrintStream;
import java.util.Locale;

/** Lines that say what happens, each with the seconds since the start; may be used from any thread. */
public final class Progress {
    private final PrintStream stream;
    private final long start;

    private Progress(PrintStream stream, long start) {
        this.stream = stream;
        this.start = start;
    }

    /** Counts from now. */
    public static Progress on(PrintStream stream) {
        return new Progress(stream, System.nanoTime());
    }

    public void say(String line) {
        String stamped = String.format(Locale.ROOT, "[%5.1fs] %s", seconds(), line);
        synchronized (stream) {
            stream.println(stamped);
            stream.flush();
        }
    }

    /** Seconds since the start. */
    public double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }
}
