// SPDX-License-Identifier: Apache-2.0
/**
 * The custom resources of group {@code ipam.hawser.dev}: {@link dev.hawser.api.ipam.IP} exposes one local address to
 * peers, {@link dev.hawser.api.ipam.Network} asks for and records one block of addresses, and
 * {@link dev.hawser.api.ipam.Pool} is the space that blocks are granted from.
 *
 * <p>Only shapes and the rules that an API server can check stand here; who decides what is written into a status is
 * the business of the controller. Absent lists and maps are empty, never {@code null}.
 */
@NullMarked
package dev.hawser.api.ipam;

import org.jspecify.annotations.NullMarked;
