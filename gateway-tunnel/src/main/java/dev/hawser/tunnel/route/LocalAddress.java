// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import java.util.List;

/** What stands behind an address of this cluster, seen from a peer or towards one. */
sealed interface LocalAddress {
    /** How the address changes on its way through the gateway. */
    AddressRewrite rewrite();

    /** An address out of a pod CIDR: goes through as it is, whoever has it. */
    record Pod() implements LocalAddress {
        @Override
        public AddressRewrite rewrite() {
            return AddressRewrite.NONE;
        }
    }

    /** The gateway itself. */
    record Gateway() implements LocalAddress {
        @Override
        public AddressRewrite rewrite() {
            return AddressRewrite.NONE;
        }
    }

    /** One end of an exposure: its local address on the way out, its external one on the way in. */
    record Exposed(Exposure exposure, AddressRewrite rewrite) implements LocalAddress {
        /** Whether the filter lets a port of a protocol through; ports unseen in later fragments pass. */
        boolean admits(int protocol, int port, boolean laterFragment) {
            List<PortFilter> filters = exposure.ports();
            if (filters.isEmpty()) {
                return true;
            }
            for (int i = 0; i < filters.size(); i++) {
                PortFilter filter = filters.get(i);
                if (filter.protocol().number() == protocol && (laterFragment || filter.port() == port)) {
                    return true;
                }
            }
            return false;
        }
    }
}
