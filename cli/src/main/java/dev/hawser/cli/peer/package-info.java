/**
 * Peering two clusters whose kubeconfigs are both at hand (architecture.md section 6, step 1).
 *
 * <p>{@link dev.hawser.cli.peer.Preflight} is pure: facts of two clusters in, a {@link
 * dev.hawser.cli.peer.PreflightReport} out. {@link dev.hawser.cli.peer.PeeringFlow} then creates what both sides need.
 * The controllers do the rest; nothing here knows tunnels or proxies.
 */
@NullMarked
package dev.hawser.cli.peer;

import org.jspecify.annotations.NullMarked;
