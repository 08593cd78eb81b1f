// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.port.ProbePort;
import dev.hawser.tunnel.port.UdpPorts;
import dev.hawser.tunnel.session.InitiationClock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What an engine is built from.
 *
 * @param device the interface for inner packets; the engine closes it
 * @param udp opens the outer sockets
 * @param probes opens the inner sockets for probes
 * @param aead seals and opens packets
 * @param random for keys and nonces; cryptographically strong outside of tests
 * @param clock monotonic nanoseconds
 * @param initiations the time stamps of handshakes
 * @param onFailure told when a loop has died, which is final; the process should end and be started again
 */
public record EngineParts(
        PacketDevice device,
        UdpPorts udp,
        ProbePort.Opener probes,
        AeadProvider aead,
        RandomGenerator random,
        LongSupplier clock,
        InitiationClock initiations,
        Consumer<Throwable> onFailure) {}
