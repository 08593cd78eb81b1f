// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.terminal;

/** What a command's exit code means; scripts may rely on it. */
public enum ExitCode {
    /** Done. */
    OK(0),
    /** A check or a step failed. */
    FAILED(1),
    /** The command line or its surroundings do not fit. */
    USAGE(2),
    /** Something was waited for in vain. */
    TIMEOUT(4),
    /** Ended by Ctrl-C. */
    INTERRUPTED(130);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
