// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.address;

/** An address family and its width. Immutable. */
public enum Family {
    /** 32-bit addresses, RFC 791. */
    IPV4(32),
    /** 128-bit addresses, RFC 4291. */
    IPV6(128);

    private final int bits;

    Family(int bits) {
        this.bits = bits;
    }

    /** The width of an address in bits: 32 or 128. */
    public int bits() {
        return bits;
    }

    /** The bits of the 128-bit frame that an address of this family leaves unused at the top: 96 or 0. */
    int unusedBits() {
        return Long.SIZE * 2 - bits;
    }
}
