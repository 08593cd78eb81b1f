/**
 * The gateway's side of the Kubernetes API: custom resources in, status out.
 *
 * <p>{@link dev.hawser.tunnel.kube.GatewayObjects} is the whole of it to the outside: it follows the objects, keeps the
 * key pair in its Secret, and writes what became of every Connection. {@code Planner} and {@code PeerPlanner} turn objects
 * into a {@link dev.hawser.tunnel.kube.GatewayPlan} and are pure, as is {@code ConnectionReport}, the way back. An object
 * that cannot be understood is left out and told so; it never stops the others. Must not know packets, sockets or the
 * programs that change the node.
 */
@NullMarked
package dev.hawser.tunnel.kube;

import org.jspecify.annotations.NullMarked;
