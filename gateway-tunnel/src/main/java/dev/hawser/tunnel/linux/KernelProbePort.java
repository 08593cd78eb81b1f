// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.port.ProbePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/**
 * A probe port on a kernel socket, with a thread that receives.
 *
 * <p>The socket belongs to the network namespace of the thread that opens it.
 */
public final class KernelProbePort implements ProbePort {
    /** Longer than any probe: those of a size are as long as the packets of a jumbo frame. */
    private static final int BUFFER = 1 << 16;

    private final DatagramChannel channel;
    private final int port;
    private final Receiver receiver;

    private KernelProbePort(DatagramChannel channel, int port, Receiver receiver) {
        this.channel = channel;
        this.port = port;
        this.receiver = receiver;
    }

    /** Opens a socket on the gateway address and starts to receive. */
    public static KernelProbePort open(IpAddress local, int port, Receiver receiver) throws IOException {
        DatagramChannel channel = DatagramChannel.open(
                local.family() == Family.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(local.toBytes()), port));
        } catch (IOException notThere) {
            channel.close();
            throw notThere;
        }
        KernelProbePort opened = new KernelProbePort(channel, port, receiver);
        Thread.ofPlatform().daemon().name("hawser-probe-" + local).start(opened::receive);
        return opened;
    }

    private void receive() {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
        while (channel.isOpen()) {
            try {
                buffer.clear();
                InetSocketAddress from = (InetSocketAddress) channel.receive(buffer);
                long now = System.nanoTime();
                byte[] message = new byte[buffer.flip().remaining()];
                buffer.get(message);
                receiver.received(IpAddress.ofBytes(from.getAddress().getAddress()), message, now);
            } catch (IOException ignored) {
                // Closed: the loop ends. Anything else is an ICMP error of an earlier send, which the missing answer
                // tells.
            }
        }
    }

    @Override
    public void send(IpAddress to, byte[] message) {
        try {
            channel.send(ByteBuffer.wrap(message), new InetSocketAddress(InetAddress.getByAddress(to.toBytes()), port));
        } catch (IOException ignored) {
            // A probe that cannot leave is a probe without answer; health counts it as such.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException ignored) {
            // Nothing is left to be done with it.
        }
    }
}
