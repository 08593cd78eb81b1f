/**
 * Free space and how it is handed out: blocks out of a range, single addresses out of a block.
 *
 * <p>{@link dev.hawser.ipam.allocate.BlockSpace} keeps what is free of a range as disjoint, maximal blocks and finds the
 * best fit; {@link dev.hawser.ipam.allocate.AddressBlock} is a pair of bitmaps over the usable addresses of an external CIDR.
 * Both depend only on the set of what is taken, never on the order in which it was taken: that is what makes a rebuild
 * after a crash equal to what was there before.
 *
 * <p>Knows no owners, pools by name, intents or time; who may have what is decided in the ledger.
 */
@NullMarked
package dev.hawser.ipam.allocate;

import org.jspecify.annotations.NullMarked;
