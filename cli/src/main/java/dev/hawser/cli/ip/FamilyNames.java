// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.ip;

import dev.hawser.ipam.address.Family;

/** The families as people and custom resources spell them. */
final class FamilyNames {
    private FamilyNames() {}

    static String of(Family family) {
        return switch (family) {
            case IPV4 -> "IPv4";
            case IPV6 -> "IPv6";
        };
    }
}
