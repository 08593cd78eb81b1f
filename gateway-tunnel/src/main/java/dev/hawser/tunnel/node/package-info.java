/**
 * The gateway's own node: the nft table, the address and link state of the tunnel device, and the routes that lead into
 * it.
 *
 * <p>Works by the programs {@code ip} and {@code nft}, a few calls per change, because nothing here is on the packet
 * path; a room of its own, because {@code linux} holds foreign functions and this needs none, and because all of it moves
 * to the node agent once that exists. {@link dev.hawser.tunnel.node.NodeNetwork} is what shall be,
 * {@link dev.hawser.tunnel.node.NodePlumbing} makes it so and keeps it so. Must not know Kubernetes, peers or sessions.
 */
@NullMarked
package dev.hawser.tunnel.node;

import org.jspecify.annotations.NullMarked;
