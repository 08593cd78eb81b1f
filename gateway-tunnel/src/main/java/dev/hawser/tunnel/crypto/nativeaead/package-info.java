/**
 * ChaCha20-Poly1305 and X25519 by a native library through {@code java.lang.foreign}: {@link
 * dev.hawser.tunnel.crypto.nativeaead.OpenSslAead} for OpenSSL 3's libcrypto, {@link
 * dev.hawser.tunnel.crypto.nativeaead.BoringSslAead} for that of BoringSSL, {@link
 * dev.hawser.tunnel.crypto.nativeaead.OpenSslCurve} for the curve.
 *
 * <p>One of the few places that may use {@code Linker} and {@code SymbolLookup}. Knows the ports {@link
 * dev.hawser.tunnel.crypto.AeadProvider} and {@link dev.hawser.tunnel.crypto.Curve25519} and nothing of sessions.
 */
@NullMarked
package dev.hawser.tunnel.crypto.nativeaead;

import org.jspecify.annotations.NullMarked;
