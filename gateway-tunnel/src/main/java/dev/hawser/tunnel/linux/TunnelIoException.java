// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

/** A device or socket that cannot be opened or has died: what, where, why, and what to do next. */
public final class TunnelIoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int errno;

    TunnelIoException(String message, int errno) {
        super(message);
        this.errno = errno;
    }

    /**
     * Describes a failed call.
     *
     * @param what what was tried and where, e.g. {@code open /dev/net/tun}
     * @param errno positive error number
     * @param next what a person can do about it; may be empty
     */
    static TunnelIoException of(String what, int errno, String next) {
        String reason = what + ": " + SystemCalls.describe(errno);
        return new TunnelIoException(next.isEmpty() ? reason : reason + "; " + next, errno);
    }

    /** The system's error number. */
    public int errno() {
        return errno;
    }
}
