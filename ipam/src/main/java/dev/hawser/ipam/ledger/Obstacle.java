// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

/**
 * Why a block or an address cannot be had. Immutable.
 *
 * @param object what stands in the way, by the name a person can look up
 * @param reason the whole sentence, with the next step
 */
public record Obstacle(String object, String reason) {}
