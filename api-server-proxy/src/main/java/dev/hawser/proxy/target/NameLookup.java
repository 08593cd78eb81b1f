// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.target;

import dev.hawser.ipam.address.IpAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** The lookup of a target that somebody allowed by name. Safe for any thread; it may block. */
@FunctionalInterface
public interface NameLookup {
    /** By the resolver of the system. */
    NameLookup SYSTEM = InetAddress::getAllByName;

    /** Every address of a name. */
    InetAddress[] all(String name) throws UnknownHostException;

    /**
     * The first address of a name that may be dialled. Whoever answers for the name decides where it leads, not where it
     * must not lead.
     *
     * @throws ProhibitedException where there are addresses and every one is prohibited
     */
    default InetSocketAddress find(String name, int port) throws IOException {
        for (InetAddress address : all(name)) {
            if (!Prohibited.contains(IpAddress.ofBytes(address.getAddress()))) {
                return new InetSocketAddress(address, port);
            }
        }
        throw new ProhibitedException(name + " leads only to addresses that no name may lead to");
    }

    /** A name that leads where none may. */
    final class ProhibitedException extends IOException {
        private static final long serialVersionUID = 1;

        ProhibitedException(String message) {
            super(message);
        }
    }
}
