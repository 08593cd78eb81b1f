/**
 * The cryptography of the tunnel: BLAKE2s and its key derivation, X25519, the handshake's AEADs, TAI64N time stamps, key
 * values, and the ports {@link dev.hawser.tunnel.crypto.AeadProvider} and {@link dev.hawser.tunnel.crypto.Curve25519} behind which
 * the packet path finds a fast AEAD and handshakes a fast curve.
 *
 * <p>Everything is a function of its arguments: no clock, no random source, no I/O. Bouncy Castle serves the handshake, where
 * tens of microseconds do not matter; the adapters of the ports stand in packages of their own. Knows nothing of
 * messages, sessions or peers.
 */
@NullMarked
package dev.hawser.tunnel.crypto;

import org.jspecify.annotations.NullMarked;
