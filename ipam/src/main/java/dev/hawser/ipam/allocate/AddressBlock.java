// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.allocate;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.BitSet;
import java.util.Optional;

/**
 * The single addresses of an external CIDR, each free, taken, or cooling down: given back so recently that somebody's
 * connection tracking or name cache may still mean its former holder. Bitmaps; every call costs the same, however many
 * addresses are taken or cooling. The network, broadcast and gateway address are never handed out. Of a block with more
 * than 2^24 addresses only the first 2^24 are used; more exposures than that nobody has, and the bitmaps stay at 4 MiB.
 * Not safe for concurrent use.
 */
public final class AddressBlock {
    /** The network address and the gateway address. */
    private static final int LOWEST = 2;

    private final Cidr cidr;
    private final BitSet taken = new BitSet();
    /** The offsets that the next new holder cannot get: taken, cooling, and those below {@link #LOWEST}. */
    private final SummedBitmap closed = new SummedBitmap();
    /** One past the highest offset that may be handed out. */
    private final int end;

    private int used;

    /**
     * A block in which every usable address but the gateway's is free.
     *
     * @throws dev.hawser.ipam.address.AddressException if the block has no room for a gateway address
     */
    public AddressBlock(Cidr cidr) {
        // Asked for although it is nobody's here, because it refuses a range that is too small for one.
        cidr.firstUsable();
        this.cidr = cidr;
        boolean whole = cidr.hostBits() <= SummedBitmap.PLACE_BITS;
        this.end = whole ? (1 << cidr.hostBits()) - 1 : SummedBitmap.PLACES;
        for (int offset = 0; offset < LOWEST; offset++) {
            closed.set(offset);
        }
    }

    /** The block. */
    public Cidr cidr() {
        return cidr;
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

    /** Whether the address is grantable and not taken; one that cools down is free for its former holder. */
    public boolean isFree(IpAddress address) {
        return isGrantable(address) && !taken.get(offset(address));
    }

    /** Takes this address, which may be cooling down; false if it is taken already or not grantable. */
    public boolean take(IpAddress address) {
        if (!isFree(address)) {
            return false;
        }
        take(offset(address));
        return true;
    }

    /** Takes the lowest address that is neither taken nor cooling down; empty if there is none. */
    public Optional<IpAddress> takeLowest() {
        int offset = closed.lowestClear();
        if (offset >= end) {
            return Optional.empty();
        }
        take(offset);
        return Optional.of(cidr.network().plus(offset));
    }

    /** Keeps a free address from {@link #takeLowest} until it is taken by name or released; others stay as they are. */
    public void cool(IpAddress address) {
        if (isGrantable(address)) {
            closed.set(offset(address));
        }
    }

    /** Makes a taken or cooling address free for everybody; false if it was not taken. */
    public boolean release(IpAddress address) {
        if (!isGrantable(address)) {
            return false;
        }
        int offset = offset(address);
        boolean wasTaken = taken.get(offset);
        closed.clear(offset);
        if (wasTaken) {
            taken.clear(offset);
            used--;
        }
        return wasTaken;
    }

    /** The number of addresses that are taken. */
    public int used() {
        return used;
    }

    /** The number of addresses that could still be taken, those that cool down included. */
    public int free() {
        return end - LOWEST - used;
    }

    private void take(int offset) {
        taken.set(offset);
        closed.set(offset);
        used++;
    }

    private int offset(IpAddress address) {
        return (int) (address.low() & ~cidr.maskLow());
    }
}
