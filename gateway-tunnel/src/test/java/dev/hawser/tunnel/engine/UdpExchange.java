// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.lab.net.Host;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.util.Arrays;
import java.util.Random;

/** Datagrams between two hosts, one of which is known to the other under another address than its own. */
final class UdpExchange {
    private static final int TIMEOUT_MILLIS = 5_000;
    private static final int CLOSED_PORT = 9;
    private static final int BURST_LENGTH = 300;

    private UdpExchange() {}

    /** Sends random bytes and has them sent back; returns the source that the other host saw. */
    static InetAddress echo(Host from, String source, String dialled, Host to, String own, int length)
            throws Exception {
        byte[] sent = new byte[length];
        new Random(length).nextBytes(sent);
        try (DatagramSocket there = socket(to, own);
                DatagramSocket here = socket(from, source)) {
            here.send(new DatagramPacket(sent, length, new InetSocketAddress(dialled, there.getLocalPort())));
            DatagramPacket arrived = new DatagramPacket(new byte[length + 1], length + 1);
            there.receive(arrived);
            there.send(arrived);
            DatagramPacket back = new DatagramPacket(new byte[length + 1], length + 1);
            here.receive(back);
            if (!Arrays.equals(sent, Arrays.copyOf(back.getData(), back.getLength()))) {
                throw new AssertionError(length + " bytes came back changed as " + back.getLength());
            }
            return arrived.getAddress();
        }
    }

    /** Sends datagrams as fast as it can, which gateways join and cut again, and checks each that arrives; returns how many did. */
    static int burst(Host from, String source, String dialled, Host to, String own, int count) throws Exception {
        try (DatagramSocket there = socket(to, own);
                DatagramSocket here = socket(from, source)) {
            InetSocketAddress target = new InetSocketAddress(dialled, there.getLocalPort());
            for (int i = 0; i < count; i++) {
                byte[] sent = numbered(i);
                here.send(new DatagramPacket(sent, sent.length, target));
            }
            for (int i = 0; i < count; i++) {
                DatagramPacket arrived = new DatagramPacket(new byte[BURST_LENGTH + 1], BURST_LENGTH + 1);
                there.receive(arrived);
                if (!Arrays.equals(numbered(i), Arrays.copyOf(arrived.getData(), arrived.getLength()))) {
                    return i;
                }
            }
            return count;
        }
    }

    private static byte[] numbered(int number) {
        byte[] bytes = new byte[BURST_LENGTH];
        new Random(number).nextBytes(bytes);
        return bytes;
    }

    /** Whether a datagram to a port where nobody listens brings the error back that says so. */
    static boolean isRefused(Host from, String source, String dialled) throws Exception {
        try (DatagramSocket here = socket(from, source)) {
            here.connect(new InetSocketAddress(dialled, CLOSED_PORT));
            here.send(new DatagramPacket(new byte[1], 1));
            here.receive(new DatagramPacket(new byte[1], 1));
            return false;
        } catch (PortUnreachableException refused) {
            return true;
        }
    }

    private static DatagramSocket socket(Host host, String address) throws Exception {
        DatagramSocket socket = host.call(() -> new DatagramSocket(new InetSocketAddress(address, 0)));
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }
}
