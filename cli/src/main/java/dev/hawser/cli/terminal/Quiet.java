// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.terminal;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Silence of the libraries: what they log is for developers; a user gets progress lines and one sentence on failure. */
public final class Quiet {
    private Quiet() {}

    /** Turns logging off, unless {@code HAWSER_DEBUG} is set. */
    public static void libraries() {
        boolean debug = System.getenv("HAWSER_DEBUG") != null;
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(debug ? Level.INFO : Level.OFF);
    }
}
