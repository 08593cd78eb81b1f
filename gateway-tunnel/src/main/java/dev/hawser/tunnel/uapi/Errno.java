// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

/** How a request ended, by the numbers of Linux; {@code wg} shows their texts. */
enum Errno {
    OK(0),
    /** It would change what a custom resource owns. */
    NOT_PERMITTED(1),
    /** There is no tunnel (yet). */
    NO_DEVICE(19),
    /** It cannot be read. */
    INVALID(22),
    /** It asks for what this gateway does not have. */
    NOT_SUPPORTED(95);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    /** As it stands in an answer: negative, as wireguard-go has it and {@code wg} takes it. */
    int code() {
        return -number;
    }
}
