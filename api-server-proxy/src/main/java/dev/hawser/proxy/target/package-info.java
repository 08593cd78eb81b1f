/**
 * Where the proxy may connect to, and the connecting.
 *
 * <p>{@link dev.hawser.proxy.target.Targets} is the allow list: the local API server under its names and its address,
 * nothing else. {@link dev.hawser.proxy.target.Dialer} opens the connection and says why it could not.
 *
 * <p>Nothing here resolves a name: a target is dialled at the address the process was started with.
 */
@NullMarked
package dev.hawser.proxy.target;

import org.jspecify.annotations.NullMarked;
