// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.remap.Remap;

/**
 * A remap in the form the packet loop uses: two words to keep, two words to set, and the constant checksum delta.
 *
 * <p>{@code mapped = prefix(to) | (address & hostmask)}. Immutable; safe for any thread.
 */
public final class AddressRewrite {
    /** Leaves every address as it is. */
    public static final AddressRewrite NONE = new AddressRewrite(0, 0, -1, -1, 0);

    private final long high;
    private final long low;
    private final long keepHigh;
    private final long keepLow;
    private final int checksumDelta;

    private AddressRewrite(long high, long low, long keepHigh, long keepLow, int checksumDelta) {
        this.high = high;
        this.low = low;
        this.keepHigh = keepHigh;
        this.keepLow = keepLow;
        this.checksumDelta = checksumDelta;
    }

    /** The rewrite of addresses that lie in {@code remap.from()}; for others the result has no meaning. */
    public static AddressRewrite of(Remap remap) {
        if (remap.from().equals(remap.to())) {
            return NONE;
        }
        Cidr to = remap.to();
        return new AddressRewrite(
                to.network().high(), to.network().low(), ~to.maskHigh(), ~to.maskLow(), remap.checksumDelta());
    }

    /** Upper 64 bits of the rewritten address; 0 stays 0 for IPv4. */
    public long high(long addressHigh) {
        return high | (addressHigh & keepHigh);
    }

    /** Lower 64 bits of the rewritten address. */
    public long low(long addressLow) {
        return low | (addressLow & keepLow);
    }

    /** What the change adds to a one's-complement sum over the address (RFC 1624), 0 to 0xfffe. */
    public int checksumDelta() {
        return checksumDelta;
    }
}
