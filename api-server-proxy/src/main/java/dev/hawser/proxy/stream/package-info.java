// SPDX-License-Identifier: Apache-2.0
/**
 * The streams themselves: reading a head, dialling, copying bytes both ways, ending.
 *
 * <p>{@link dev.hawser.proxy.stream.ProxyServer} listens; a {@code RequestHandler} takes each client to a decision; a
 * {@code Stream} joins two {@code End}s until both sides have said all they had to say. The {@code Watch} of an event loop
 * ends what takes too long. {@link dev.hawser.proxy.stream.Journal} counts and writes the line about each. A stream lives on
 * one event loop from beginning to end.
 *
 * <p>It must not know what is allowed (that is {@code target}), who may come ({@code admission}), nor how a head is spelled
 * ({@code http}).
 */
@NullMarked
package dev.hawser.proxy.stream;

import org.jspecify.annotations.NullMarked;
