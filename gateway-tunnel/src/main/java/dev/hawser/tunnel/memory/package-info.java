/**
 * The ports in memory: a device and a network that tests drive packet by packet, without a kernel and without privileges.
 *
 * <p>{@link dev.hawser.tunnel.memory.MemoryPacketDevice} stands for a TUN interface, {@link dev.hawser.tunnel.memory.MemoryNetwork}
 * for the Internet between gateways. They keep the contracts of the ports, blocking waits included.
 */
@NullMarked
package dev.hawser.tunnel.memory;

import org.jspecify.annotations.NullMarked;
