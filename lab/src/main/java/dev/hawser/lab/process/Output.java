// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.process;

import dev.hawser.lab.LabException;

/**
 * What a finished program left: its exit code, standard output and standard error, as UTF-8 text.
 *
 * @param command the command line, for messages
 * @param exit exit code; 128 + signal if a signal ended the program
 */
public record Output(String command, int exit, String stdout, String stderr) {
    private static final int LONGEST_QUOTE = 2_000;

    public boolean succeeded() {
        return exit == 0;
    }

    /** This output if the program succeeded, else a failure that quotes what it said. */
    public Output orThrow() {
        if (exit != 0) {
            throw new LabException("exit code " + exit + " of `" + command + "`: " + quote());
        }
        return this;
    }

    private String quote() {
        String said = (stderr + stdout).strip();
        return said.length() <= LONGEST_QUOTE ? said : "…" + said.substring(said.length() - LONGEST_QUOTE);
    }
}
