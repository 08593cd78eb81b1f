// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.port.ProbePort;
import dev.hawser.tunnel.port.UdpPorts;
import dev.hawser.tunnel.session.InitiationClock;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What an engine is built from.
 *
 * @param devices the interface for inner packets, queue by queue; the engine closes them
 * @param udp opens the outer sockets
 * @param probes opens the inner sockets for probes
 * @param aead seals and opens packets
 * @param curve agrees on the keys for that
 * @param random for keys and nonces; cryptographically strong outside of tests
 * @param clock monotonic nanoseconds
 * @param initiations the time stamps of handshakes
 * @param onFailure told when a loop has died, which is final; the process should end and be started again
 */
public record EngineParts(
        List<PacketDevice> devices,
        UdpPorts udp,
        ProbePort.Opener probes,
        AeadProvider aead,
        Curve25519 curve,
        RandomGenerator random,
        LongSupplier clock,
        InitiationClock initiations,
        Consumer<Throwable> onFailure) {
    /** Copies the list. */
    public EngineParts {
        devices = List.copyOf(devices);
        if (devices.isEmpty()) {
            throw new IllegalArgumentException("an engine needs a device");
        }
    }

    /** In how many queues packets travel, each with a thread for either direction. */
    int queues() {
        return devices.size();
    }

    /** Largest inner packet that is not a super-packet. */
    int mtu() {
        return devices.getFirst().mtu();
    }

    /** Makes all egress threads look up. */
    void wakeDevices() {
        devices.forEach(PacketDevice::wake);
    }
}
