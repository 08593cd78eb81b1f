/**
 * The choice of the packet path's AEAD and of the handshakes' curve at start: {@link dev.hawser.tunnel.crypto.provider.AeadProviders} tries the adapters in
 * order of speed, and {@link dev.hawser.tunnel.crypto.provider.AeadSelfTest} keeps a wrong one out; {@link dev.hawser.tunnel.crypto.provider.Curves} does
 * both for the curve.
 *
 * <p>The only place that knows all adapters.
 */
@NullMarked
package dev.hawser.tunnel.crypto.provider;

import org.jspecify.annotations.NullMarked;
