// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;

/**
 * A block that an object records as granted. Immutable.
 *
 * @param owner whose it is
 * @param block the block
 * @param object the object that records it
 */
public record Grant(Owner owner, Cidr block, ObjectRef object) {}
