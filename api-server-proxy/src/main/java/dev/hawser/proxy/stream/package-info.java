/**
 * The streams themselves: reading a head, dialling, copying bytes both ways, ending.
 *
 * <p>{@link dev.hawser.proxy.stream.ProxyServer} listens; a {@code HeadHandler} takes each client to a decision; a
 * {@code Stream} copies until both sides have said all they had to say. {@link dev.hawser.proxy.stream.Journal} counts
 * and writes the line about each. A stream lives on one event loop from beginning to end.
 *
 * <p>It must not know what is allowed (that is {@code target}) nor how a head is spelled (that is {@code http}).
 */
@NullMarked
package dev.hawser.proxy.stream;

import org.jspecify.annotations.NullMarked;
