/**
 * The two edges of the packet path and their contracts: {@link dev.hawser.tunnel.port.PacketDevice} for inner packets and
 * {@link dev.hawser.tunnel.port.UdpPort} for datagrams between gateways.
 *
 * <p>Both are batch-capable: one read may give a super-packet, one send may carry many equal segments. An adapter without
 * such offloads says so and stays correct. Nothing here knows sessions, routes or an operating system.
 */
@NullMarked
package dev.hawser.tunnel.port;

import org.jspecify.annotations.NullMarked;
