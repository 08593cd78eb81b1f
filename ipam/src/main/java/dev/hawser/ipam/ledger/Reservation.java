// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;

/**
 * A range that somebody uses and that no grant may overlap. Immutable.
 *
 * @param cidr the range; it need not lie in a pool
 * @param holder who uses it, in words that tell a person where to look: {@code ClusterGateway this (pod CIDR)}
 */
public record Reservation(Cidr cidr, String holder) {}
