/**
 * The cryptography of the tunnel: BLAKE2s and its key derivation, X25519, the handshake's AEADs, TAI64N time stamps, key
 * values, and the port {@link dev.hawser.tunnel.crypto.AeadProvider} behind which the packet path finds a fast AEAD.
 *
 * <p>Everything is a function of its arguments: no clock, no random source, no I/O. Bouncy Castle serves the handshake, where
 * a few hundred microseconds do not matter; the adapters of the port stand in packages of their own. Knows nothing of
 * messages, sessions or peers.
 */
@NullMarked
package dev.hawser.tunnel.crypto;

import org.jspecify.annotations.NullMarked;
