// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

/** Address prefixes as texts, which is all that the programs of a cluster want of them. */
final class Prefixes {
    private Prefixes() {}

    static int length(String cidr) {
        int slash = cidr.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("\"" + cidr + "\" is no prefix; write it as 10.200.0.0/16");
        }
        return Integer.parseInt(cidr.substring(slash + 1));
    }

    /** The first part of a range that has this length. */
    static String first(String cidr, int length) {
        return cidr.substring(0, cidr.indexOf('/')) + "/" + length;
    }
}
