// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;

/**
 * A block that was given back and is cooling down: nobody else gets it yet, and its former owner gets it again.
 * Immutable. Whether the cool-down is over is the caller's to say, by leaving it out.
 *
 * @param owner whose it was
 * @param block the block
 */
public record Former(Owner owner, Cidr block) {}
