// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;

/** The host of a request target: an address as such, or a DNS name. */
public sealed interface Host {
    /** A DNS name in lower case, without the dot that a fully qualified name may end with. */
    record Name(String text) implements Host {
        @Override
        public String toString() {
            return text;
        }
    }

    /** An IPv4 or IPv6 address. */
    record Address(IpAddress value) implements Host {
        @Override
        public String toString() {
            return value.family() == Family.IPV6 ? "[" + value + "]" : value.toString();
        }
    }
}
