// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;

/**
 * A grant that is decided and written into its pool, but perhaps not yet into its object. Immutable.
 *
 * @param owner whose it will be
 * @param block the block
 * @param pool the name of the pool whose compare-and-swap protects it
 */
public record Intent(Owner owner, Cidr block, String pool) {}
