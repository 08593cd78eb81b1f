// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

/**
 * A range of a would-be peer of which a part is taken in the cluster that is to name it.
 *
 * @param cluster where it is taken
 * @param peer whose range it is
 * @param cidr the true range
 * @param overlaps what is taken
 * @param heldBy by whom
 * @param proposal what to do about it
 */
public record RangeOverlap(
        String cluster, String peer, String role, String cidr, String overlaps, String heldBy, String proposal) {}
