/**
 * The four messages of WireGuard as bytes: {@link dev.hawser.tunnel.wire.Initiation}, {@link
 * dev.hawser.tunnel.wire.HandshakeResponse} and {@link dev.hawser.tunnel.wire.CookieReply} as validated values, {@link
 * dev.hawser.tunnel.wire.Transport} as offsets into a packet buffer.
 *
 * <p>Lengths and types are checked once, when a message is parsed; after that no accessor can fail. Stateless; knows no keys
 * and no sessions.
 */
@NullMarked
package dev.hawser.tunnel.wire;

import org.jspecify.annotations.NullMarked;
