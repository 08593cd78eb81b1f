/**
 * Talking to the API server of a peer, in-band: through the tunnel, its CONNECT proxy and TLS, with a token that opens
 * one object.
 *
 * <p>{@link dev.hawser.controller.peering.InBandSessions} keeps one
 * {@link dev.hawser.controller.peering.InBandSession} per peer, each on a virtual thread of its own: it proves who we
 * are there, watches the Advertisement for us and renews the token. What comes from there was written by somebody else's
 * cluster, so {@link dev.hawser.controller.peering.AdvertisementCheck} looks at every field before anything is copied.
 *
 * <p>Knows no reconciler: it tells that something is new, and answers what is known.
 */
@NullMarked
package dev.hawser.controller.peering;

import org.jspecify.annotations.NullMarked;
