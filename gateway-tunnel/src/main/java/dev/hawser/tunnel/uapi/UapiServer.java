// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket {@code DIRECTORY/DEVICE.sock}, for the owner of this process only: who may connect may read the private key.
 *
 * <p>A daemon thread accepts, another serves each client, sixteen at most. {@link #close} ends all of them.
 */
public final class UapiServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UapiServer.class);
    private static final int MOST_CLIENTS = 16;

    private final Path socket;
    private final UapiDevice device;
    private final ServerSocketChannel server;
    private final Semaphore places = new Semaphore(MOST_CLIENTS);
    private final Set<SocketChannel> clients = ConcurrentHashMap.newKeySet();

    private UapiServer(Path socket, ServerSocketChannel server, UapiDevice device) {
        this.socket = socket;
        this.server = server;
        this.device = device;
    }

    /**
     * Listens.
     *
     * @param directory where {@code wg} looks, {@code /var/run/wireguard}, or another; made if it is not there
     * @param name the device's name
     * @throws IOException when it cannot, for example because another process listens there
     */
    public static UapiServer open(Path directory, String name, UapiDevice device) throws IOException {
        Files.createDirectories(directory);
        Path socket = directory.resolve(name + ".sock");
        if (isServed(socket)) {
            throw new IOException(socket + " is served by another process; stop it, or choose another directory");
        }
        // Made where nobody else looks and then renamed: between binding and restricting it, anybody could connect.
        Path hidden = Files.createTempDirectory(
                directory, ".new-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            Path fresh = hidden.resolve("s");
            server.bind(UnixDomainSocketAddress.of(fresh));
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            Files.move(fresh, socket, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException failure) {
            server.close();
            throw failure;
        } finally {
            Files.deleteIfExists(hidden.resolve("s"));
            Files.delete(hidden);
        }
        UapiServer opened = new UapiServer(socket, server, device);
        Thread.ofPlatform().daemon().name("hawser-uapi").start(opened::accept);
        return opened;
    }

    /** What a killed process left behind refuses connections and may be replaced. */
    private static boolean isServed(Path socket) {
        if (!Files.exists(socket)) {
            return false;
        }
        try (SocketChannel _ = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return true;
        } catch (IOException nobody) {
            return false;
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                if (places.tryAcquire()) {
                    clients.add(client);
                    Thread.ofPlatform().daemon().name("hawser-uapi-client").start(() -> serve(client));
                } else {
                    client.close();
                }
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException e) {
                LOG.warn("{}: a client could not be accepted: {}", socket, e.getMessage());
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                InputStream in = new BufferedInputStream(Channels.newInputStream(client));
                OutputStream out = Channels.newOutputStream(client)) {
            new UapiDialogue(in, out, device).run();
        } catch (IOException gone) {
            LOG.debug("{}: a client has gone: {}", socket, gone.getMessage());
        } finally {
            clients.remove(client);
            places.release();
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (SocketChannel client : clients) {
            client.close();
        }
        Files.deleteIfExists(socket);
    }
}
