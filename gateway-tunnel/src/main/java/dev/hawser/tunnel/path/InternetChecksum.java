// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

/** Incremental update of the Internet checksum (RFC 1071) by RFC 1624, equation 3. Pure arithmetic. */
final class InternetChecksum {
    private InternetChecksum() {}

    /**
     * The field after the words it covers changed by {@code delta}: {@code HC' = ~(~HC + ~m + m')}.
     *
     * @param field the present checksum field, 0 to 0xffff
     * @param delta one's-complement sum of {@code ~old + new} over the changed words, below 0x20000
     */
    static int updated(int field, int delta) {
        return ~folded((~field & 0xffff) + delta) & 0xffff;
    }

    /** The unfinished pseudo-header sum of CHECKSUM_PARTIAL after a change: it is not complemented, so it just adds up. */
    static int updatedPartial(int field, int delta) {
        return folded(field + delta);
    }

    /** The delta that replacing one 16-bit word makes. */
    static int deltaOf(int oldWord, int newWord) {
        return (~oldWord & 0xffff) + newWord;
    }

    private static int folded(int sum) {
        int once = (sum & 0xffff) + (sum >>> 16);
        return (once & 0xffff) + (once >>> 16);
    }
}
