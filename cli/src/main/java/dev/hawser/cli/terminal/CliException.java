// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.terminal;

import java.io.Serial;

/** The end of a command that could not do what it was asked: what, where and why, one hint, and the exit code. */
public final class CliException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final String hint;

    /**
     * @param hint the next step, as a sentence
     */
    public CliException(ExitCode exitCode, String message, String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    /** The same with the failure behind it. */
    public CliException(ExitCode exitCode, String message, String hint, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    public String hint() {
        return hint;
    }
}
