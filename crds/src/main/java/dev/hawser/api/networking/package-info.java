// SPDX-License-Identifier: Apache-2.0
/**
 * The custom resources of group {@code networking.hawser.dev}: who we are
 * ({@link dev.hawser.api.networking.ClusterGateway}), whom we are moored to ({@link dev.hawser.api.networking.Peering}),
 * how their ranges are named here ({@link dev.hawser.api.networking.Configuration}), how the tunnel to them does
 * ({@link dev.hawser.api.networking.Connection}), and what we tell them
 * ({@link dev.hawser.api.networking.Advertisement}).
 *
 * <p>Only shapes and the rules that an API server can check stand here. Absent lists and maps are empty, never
 * {@code null}; no field ever holds a secret, only a reference to one. Empty ones are not written at all: where server-side
 * apply takes the last entry out of a map, it makes null of an empty one and then refuses it.
 */
@NullMarked
package dev.hawser.api.networking;

import org.jspecify.annotations.NullMarked;
