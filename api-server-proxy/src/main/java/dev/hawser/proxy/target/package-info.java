/**
 * Where the proxy may connect to, and the connecting.
 *
 * <p>{@link dev.hawser.proxy.target.Targets} is the allow list: the local API server under its names and its address, and
 * what somebody named besides. {@link dev.hawser.proxy.target.Dialer} opens the connection and says why it could not.
 *
 * <p>The API server is dialled at the address the process was started with. Only a target that was allowed by name is
 * looked up, by {@link dev.hawser.proxy.target.NameLookup}. It must not know who asks.
 */
@NullMarked
package dev.hawser.proxy.target;

import org.jspecify.annotations.NullMarked;
