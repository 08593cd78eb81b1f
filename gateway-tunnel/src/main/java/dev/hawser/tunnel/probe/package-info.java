/**
 * The health of a peer: a datagram each 500 ms between the two gateway addresses, through both tunnels' ends and both remaps.
 *
 * <p>{@link dev.hawser.tunnel.probe.ProbeMessage} is the wire format, {@link dev.hawser.tunnel.probe.ProbeKey} authenticates it,
 * {@link dev.hawser.tunnel.probe.PeerHealth} is the state machine that decides whether a peer is connected. Everything is pure: time
 * is an argument, and sockets are elsewhere.
 */
@NullMarked
package dev.hawser.tunnel.probe;

import org.jspecify.annotations.NullMarked;
