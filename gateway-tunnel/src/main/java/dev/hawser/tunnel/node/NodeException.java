// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

/** The node cannot be changed or even looked at: which program failed, why, and what to do about it. */
public final class NodeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what failed and the next step. */
    public NodeException(String message) {
        super(message);
    }

    /** As above, with what it came from. */
    public NodeException(String message, Throwable cause) {
        super(message, cause);
    }
}
