// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.allocate;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The single addresses of an external CIDR: a bitmap with a cursor at the lowest that may be free. The network,
 * broadcast and gateway address are never handed out. Of a block with more than 2^24 addresses only the first 2^24 are
 * used; more exposures than that nobody has, and the bitmap stays at 2 MiB. Not safe for concurrent use.
 */
public final class AddressBlock {
    private static final int MAX_WINDOW_BITS = 24;
    /** The network address and the gateway address. */
    private static final int LOWEST = 2;

    private final Cidr cidr;
    private final IpAddress gateway;
    private final BitSet taken = new BitSet();
    /** One past the highest offset that may be handed out. */
    private final int end;
    /** No offset below is free. */
    private int cursor = LOWEST;

    private int used;

    /**
     * A block in which every usable address but the gateway's is free.
     *
     * @throws dev.hawser.ipam.address.AddressException if the block has no room for a gateway address
     */
    public AddressBlock(Cidr cidr) {
        this.cidr = cidr;
        this.gateway = cidr.firstUsable();
        boolean whole = cidr.hostBits() <= MAX_WINDOW_BITS;
        this.end = whole ? (1 << cidr.hostBits()) - 1 : 1 << MAX_WINDOW_BITS;
    }

    /** The block. */
    public Cidr cidr() {
        return cidr;
    }

    /** The gateway address of the block, which is nobody else's. */
    public IpAddress gateway() {
        return gateway;
    }

    /** Whether the address could ever be handed out: inside, and not the network, broadcast or gateway address. */
    public boolean isGrantable(IpAddress address) {
        if (!cidr.contains(address)) {
            return false;
        }
        boolean beyondOneWord = (address.high() & ~cidr.maskHigh()) != 0;
        long offset = address.low() & ~cidr.maskLow();
        return !beyondOneWord && offset >= LOWEST && offset < end;
    }

    /** Whether the address is grantable and not taken. */
    public boolean isFree(IpAddress address) {
        return isGrantable(address) && !taken.get(offset(address));
    }

    /** Takes this address; false if it is taken already or not grantable. */
    public boolean take(IpAddress address) {
        if (!isFree(address)) {
            return false;
        }
        taken.set(offset(address));
        used++;
        return true;
    }

    /**
     * Takes the lowest free address.
     *
     * @param cooling whether a free address was given back too recently, so that somebody's connection tracking or name
     *     cache may still mean its former holder; such an address stays free and is passed over
     * @return empty if every address is taken or cooling
     */
    public Optional<IpAddress> takeLowest(Predicate<IpAddress> cooling) {
        cursor = taken.nextClearBit(cursor);
        for (int offset = cursor; offset < end; offset = taken.nextClearBit(offset + 1)) {
            IpAddress address = cidr.network().plus(offset);
            if (!cooling.test(address)) {
                take(address);
                return Optional.of(address);
            }
        }
        return Optional.empty();
    }

    /** Gives the address back; false if it was not taken. */
    public boolean release(IpAddress address) {
        if (!isGrantable(address) || !taken.get(offset(address))) {
            return false;
        }
        int offset = offset(address);
        taken.clear(offset);
        cursor = Math.min(cursor, offset);
        used--;
        return true;
    }

    /** The number of addresses that are taken. */
    public int used() {
        return used;
    }

    /** The number of addresses that could still be taken. */
    public int free() {
        return end - LOWEST - used;
    }

    private int offset(IpAddress address) {
        return (int) (address.low() & ~cidr.maskLow());
    }
}
