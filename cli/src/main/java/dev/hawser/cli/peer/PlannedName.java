// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

/**
 * The name that a cluster gives, or has given, to a range of the other.
 *
 * @param in the cluster where the name is used
 * @param of the cluster whose range it is
 * @param role pod or external
 * @param cidr the true range
 * @param remapped its name; equal to the true range if that is free
 * @param granted whether it stands already, so that it cannot move any more
 */
public record PlannedName(String in, String of, String role, String cidr, String remapped, boolean granted) {}
