// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UapiServerTest {
    @TempDir
    private Path directory;

    @Test
    void servesTheOwnerOnly() throws IOException {
        try (UapiServer _ = open()) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket())))
                    .isEqualTo("rw-------");
            assertThat(ask()).startsWith("private_key=").endsWith("errno=0\n\n");
            assertThat(ask()).startsWith("private_key=");
        }
    }

    @Test
    void leavesNothingBehind() throws IOException {
        open().close();

        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void hangsUpWhenItIsClosed() throws IOException {
        UapiServer server = open();
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            client.write(ByteBuffer.wrap("set=1\n\n".getBytes(StandardCharsets.US_ASCII)));
            assertThat(client.read(ByteBuffer.allocate(64))).isPositive();

            server.close();

            assertThat(client.read(ByteBuffer.allocate(64))).isNegative();
        }
    }

    @Test
    void replacesWhatAKilledProcessLeft() throws IOException {
        ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        dead.bind(UnixDomainSocketAddress.of(socket()));
        dead.close();
        assertThat(socket()).exists();

        try (UapiServer _ = open()) {
            assertThat(ask()).startsWith("private_key=");
        }
    }

    @Test
    void leavesTheSocketToAProcessThatLives() throws IOException {
        try (UapiServer _ = open()) {
            assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("another process");
            assertThat(ask()).startsWith("private_key=");
        }
    }

    @Test
    void turnsAwayMoreThanSixteen() throws IOException {
        try (UapiServer _ = open()) {
            List<SocketChannel> clients =
                    Stream.generate(this::connect).limit(17).toList();

            assertThat(clients.getLast().read(ByteBuffer.allocate(1))).isNegative();
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    private SocketChannel connect() {
        try {
            return SocketChannel.open(UnixDomainSocketAddress.of(socket()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private UapiServer open() throws IOException {
        return UapiServer.open(directory, "hawser0", FixedDevice.present());
    }

    private Path socket() {
        return directory.resolve("hawser0.sock");
    }

    private String ask() throws IOException {
        try (SocketChannel client = connect();
                InputStream in = Channels.newInputStream(client)) {
            client.write(ByteBuffer.wrap("get=1\n\n".getBytes(StandardCharsets.US_ASCII)));
            client.shutdownOutput();
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
