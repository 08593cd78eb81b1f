/**
 * The packet loops: device to datagram and back, each run to completion on its own platform thread.
 *
 * <p>{@link dev.hawser.tunnel.path.EgressLoop} and {@link dev.hawser.tunnel.path.IngressLoop} read one
 * {@link dev.hawser.tunnel.path.PathSnapshot} per batch, decide by {@code route}, rewrite by
 * {@link dev.hawser.tunnel.path.PacketRewriter} and seal or open by {@code session}. They work on the ports only: no system call,
 * no Kubernetes type and no handshake is known here.
 */
@NullMarked
package dev.hawser.tunnel.path;

import org.jspecify.annotations.NullMarked;
