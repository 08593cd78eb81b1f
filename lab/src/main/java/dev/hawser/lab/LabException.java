// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab;

/** A laboratory that could not be built or used; the message says what failed, where, and what the program said. */
public final class LabException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LabException(String message) {
        super(message);
    }

    public LabException(String message, Throwable cause) {
        super(message, cause);
    }
}
