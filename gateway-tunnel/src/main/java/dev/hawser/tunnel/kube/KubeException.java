// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

/** The API server, or an object without which there is no gateway, is not as it must be: what, where and the remedy. */
public final class KubeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what failed and the next step. */
    public KubeException(String message) {
        super(message);
    }

    /** As above, with what it came from. */
    public KubeException(String message, Throwable cause) {
        super(message, cause);
    }
}
