// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

/** The error numbers the adapters tell apart; the same on every Linux architecture Java runs on. */
final class Errno {
    static final int EPERM = 1;
    static final int ENOENT = 2;
    static final int EINTR = 4;
    static final int EIO = 5;
    static final int EAGAIN = 11;
    static final int EACCES = 13;
    static final int EBUSY = 16;
    static final int ENODEV = 19;
    static final int EINVAL = 22;
    static final int EMSGSIZE = 90;
    static final int EADDRINUSE = 98;
    static final int EAFNOSUPPORT = 97;
    static final int ENOBUFS = 105;

    private Errno() {}
}
