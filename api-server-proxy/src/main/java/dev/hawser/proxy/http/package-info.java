/**
 * The head of an HTTP CONNECT request, read strictly, and the answers to it.
 *
 * <p>{@link dev.hawser.proxy.http.HeadParser} takes bytes and ends in a {@link dev.hawser.proxy.http.ConnectRequest} or
 * a {@link dev.hawser.proxy.http.Refusal}. It is the only CONNECT parser of the house; the relay uses it too.
 *
 * <p>Pure: no socket, no Netty, no clock. It must not know which targets are allowed.
 */
@NullMarked
package dev.hawser.proxy.http;

import org.jspecify.annotations.NullMarked;
