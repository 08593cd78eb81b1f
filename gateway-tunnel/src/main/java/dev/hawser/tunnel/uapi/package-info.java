// SPDX-License-Identifier: Apache-2.0
/**
 * The configuration protocol of user-space WireGuard over a Unix socket, so that {@code wg show} works on this gateway.
 *
 * <p>{@link dev.hawser.tunnel.uapi.UapiServer} listens, {@link dev.hawser.tunnel.uapi.UapiDialogue} speaks, {@link
 * dev.hawser.tunnel.uapi.UapiDevice} is what is spoken about. Custom resources own the configuration, so {@code wg set} may
 * repeat it but not change it. Knows nothing of Kubernetes and of the packet path.
 */
@NullMarked
package dev.hawser.tunnel.uapi;

import org.jspecify.annotations.NullMarked;
