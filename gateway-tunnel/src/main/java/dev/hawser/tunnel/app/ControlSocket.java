// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.runtime.Settings;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.engine.TunnelEngine;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.uapi.DeviceView;
import dev.hawser.tunnel.uapi.UapiDevice;
import dev.hawser.tunnel.uapi.UapiServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket for {@code wg}, in {@code HAWSER_UAPI_DIRECTORY} ({@code /var/run/wireguard}; {@code off} for none). A gateway that
 * cannot have it does its work without.
 */
final class ControlSocket {
    private static final Logger LOG = LoggerFactory.getLogger(ControlSocket.class);
    private static final String DIRECTORY = "HAWSER_UAPI_DIRECTORY";
    private static final String OFF = "off";

    private ControlSocket() {}

    /** Opens it and gives what closes it. */
    static AutoCloseable open(Settings settings, String device, Supplier<Optional<TunnelEngine>> engine) {
        String directory = settings.text(DIRECTORY, "/var/run/wireguard");
        if (directory.equals(OFF)) {
            return () -> {};
        }
        try {
            return UapiServer.open(Path.of(directory), device, new Present(engine));
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "wg cannot be used here: {}; give a directory in {}, or {} to do without",
                    e.toString(),
                    DIRECTORY,
                    OFF);
            return () -> {};
        }
    }

    /** The tunnel, once there is one. */
    private record Present(Supplier<Optional<TunnelEngine>> engine) implements UapiDevice {
        @Override
        public Optional<DeviceView> view() {
            return engine.get().flatMap(TunnelEngine::view);
        }

        @Override
        public boolean move(PublicKey peer, UdpEndpoint to) {
            return engine.get().map(present -> present.move(peer, to)).orElse(false);
        }
    }
}
