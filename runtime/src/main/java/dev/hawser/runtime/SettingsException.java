// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

/**
 * A setting that is missing or cannot be understood. The message is one sentence for a person: which setting, what is
 * wrong with it, and what to write instead. {@link Launch} prints it and ends the process with status 2.
 */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public SettingsException(String message) {
        super(message);
    }
}
