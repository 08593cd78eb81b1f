// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;

/**
 * A grant that is decided and written into its pool, but perhaps not yet into its object. Immutable.
 *
 * <p>It is a promise to one object, not to whatever object has the owner: a controller that saw the object gone drops
 * the promise and grants the block anew, while another one that sees the object created again would still keep it.
 *
 * @param owner whose it will be
 * @param uid the object that shall record it, see {@link ObjectRef#uid}
 * @param block the block
 * @param pool the name of the pool whose compare-and-swap protects it
 */
public record Intent(Owner owner, String uid, Cidr block, String pool) {}
