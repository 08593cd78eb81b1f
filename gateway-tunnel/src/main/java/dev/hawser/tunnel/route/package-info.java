/**
 * The rules of the data path as pure decisions: where a packet goes, how its addresses change, or why it is dropped.
 *
 * <p>{@link dev.hawser.tunnel.route.Routes} is an immutable snapshot compiled from configuration; its egress table is keyed
 * by local-view prefixes only, because the same true prefix may stand at several peers. Decisions are written into a reused
 * {@link dev.hawser.tunnel.route.Verdict}, so none of them allocates. Nothing here touches packet bytes, sessions, sockets
 * or time.
 */
@NullMarked
package dev.hawser.tunnel.route;

import org.jspecify.annotations.NullMarked;
