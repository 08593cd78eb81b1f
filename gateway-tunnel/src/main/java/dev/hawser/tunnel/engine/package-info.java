/**
 * The tunnel as a whole: one object that takes configuration and gives status.
 *
 * <p>{@link dev.hawser.tunnel.engine.TunnelEngine} joins the packet loops, the WireGuard state machines, the probes and one control
 * thread. {@link dev.hawser.tunnel.engine.TunnelConfig} goes in, {@link dev.hawser.tunnel.engine.TunnelStatus} comes out; both are
 * values. It works on the ports, so it runs in memory as well; it knows no Kubernetes and configures no interface.
 */
@NullMarked
package dev.hawser.tunnel.engine;

import org.jspecify.annotations.NullMarked;
