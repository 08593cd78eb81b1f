/**
 * ChaCha20-Poly1305 by the JDK's own cipher: {@link dev.hawser.tunnel.crypto.jce.SunJceAead}, the fallback that works
 * wherever Java does, at about a quarter of a native library's speed.
 *
 * <p>Knows the port {@link dev.hawser.tunnel.crypto.AeadProvider} and nothing of sessions.
 */
@NullMarked
package dev.hawser.tunnel.crypto.jce;

import org.jspecify.annotations.NullMarked;
