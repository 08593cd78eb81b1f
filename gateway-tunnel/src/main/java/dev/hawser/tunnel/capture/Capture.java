// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.capture;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.port.PacketDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * A running capture: {@code local.pcap} has packets as the pods here see them, peers under their remapped addresses, {@code
 * tunnel.pcap} the same packets as they are in the tunnel, every cluster under its own.
 *
 * <p>What leaves is seen on both sides of the remap, and what arrives; super-packets appear whole in the first file and cut in
 * the second. Keepalives have no packet. Thread-safe.
 */
public final class Capture implements AutoCloseable {
    /** Bytes of each packet that are kept when nothing else is asked for: the headers, and little of what people say. */
    public static final int HEADERS = 128;

    private final PacketFile local;
    private final PacketFile tunnel;

    private Capture(PacketFile local, PacketFile tunnel) {
        this.local = local;
        this.tunnel = tunnel;
    }

    /**
     * Begins a capture.
     *
     * @param folder made if it is not there
     * @param bound bytes of all its files together
     * @param kept bytes of each packet
     */
    public static Capture start(Path folder, long bound, int kept, InstantSource clock) throws IOException {
        Files.createDirectories(folder);
        PacketFile local = new PacketFile(folder.resolve("local.pcap"), bound / 2, kept, clock);
        try {
            return new Capture(local, new PacketFile(folder.resolve("tunnel.pcap"), bound / 2, kept, clock));
        } catch (IOException e) {
            local.close();
            throw e;
        }
    }

    /** The device, watched. */
    public PacketDevice around(PacketDevice device) {
        return new WatchedDevice(device, local);
    }

    /** Keys that are watched: what is sealed and what was opened. */
    public AeadProvider around(AeadProvider aead) {
        return new WatchedAead(aead, tunnel);
    }

    @Override
    public void close() throws IOException {
        try {
            local.close();
        } finally {
            tunnel.close();
        }
    }
}
