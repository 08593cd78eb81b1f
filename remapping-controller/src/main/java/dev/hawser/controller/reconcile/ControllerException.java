// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

/** A failure of the controller that no object causes. The message says what, where and what to do. */
public final class ControllerException extends RuntimeException {
    @java.io.Serial
    private static final long serialVersionUID = 1L;

    /** A failure with its cause. */
    public ControllerException(String message, Throwable cause) {
        super(message, cause);
    }
}
