// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

/** The transport protocols an exposure can be filtered by, with their IANA numbers. */
public enum Protocol {
    /** Transmission Control Protocol. */
    TCP(6),
    /** User Datagram Protocol. */
    UDP(17),
    /** Stream Control Transmission Protocol. */
    SCTP(132);

    private final int number;

    Protocol(int number) {
        this.number = number;
    }

    /** The number in an IP header. */
    public int number() {
        return number;
    }
}
