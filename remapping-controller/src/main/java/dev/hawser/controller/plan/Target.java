// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.ipam.address.IpAddress;
import java.util.List;

/** What an IP object points at, after its Service or text was looked up. */
public sealed interface Target {
    /** Addresses, at most one of each family, the preferred one first. */
    record Found(List<IpAddress> addresses) implements Target {
        /** Copies the list. */
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    /** Nothing yet; it may come. */
    record Absent(String reason, String message) implements Target {}
}
