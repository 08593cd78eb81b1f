/**
 * The WireGuard protocol without sockets: the Noise_IKpsk2 handshake, transport sessions, the replay window, and the timers of
 * every peer in virtual time.
 *
 * <p>{@link dev.hawser.tunnel.session.WireGuardDevice} owns the peers, {@link dev.hawser.tunnel.session.PeerSession} is the
 * state machine of one, {@link dev.hawser.tunnel.session.TransportSession} seals and opens its packets, and {@link
 * dev.hawser.tunnel.session.SessionTable} finds it by its index. One control thread owns handshakes and timers; the packet path
 * reads volatile snapshots. Time (nanoseconds of a monotonic clock) and randomness are arguments. Knows nothing of inner
 * packets, routes or I/O; what it wants sent leaves through {@link dev.hawser.tunnel.session.Outbox}.
 */
@NullMarked
package dev.hawser.tunnel.session;

import org.jspecify.annotations.NullMarked;
