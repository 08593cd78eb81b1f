// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

import dev.hawser.tunnel.crypto.PresharedKey;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

/**
 * A view as the answer to {@code get=1}. It holds the private key, as the protocol wants it, and so is bytes that are wiped by
 * {@link #close} and never a string.
 */
final class ViewText extends ByteArrayOutputStream {
    private static final String DIGITS = "0123456789abcdef";
    private static final int DEVICE_LENGTH = 200;
    private static final int PEER_LENGTH = 500;
    private static final int RANGE_LENGTH = 60;

    private ViewText(int length) {
        super(length);
    }

    /** Renders a view; long enough from the start, so that no array with keys is left behind by growing. */
    static ViewText of(DeviceView view) {
        int ranges = view.peers().stream()
                .map(DeviceView.Peer::allowedIps)
                .mapToInt(List::size)
                .sum();
        ViewText text = new ViewText(DEVICE_LENGTH + PEER_LENGTH * view.peers().size() + RANGE_LENGTH * ranges);
        text.secret("private_key", view.privateKey().toBytes());
        text.line("listen_port", view.listenPort());
        view.peers().forEach(text::peer);
        return text;
    }

    private void peer(DeviceView.Peer peer) {
        secret("public_key", peer.publicKey().toBytes());
        secret("preshared_key", peer.presharedKey().map(PresharedKey::toBytes).orElseGet(() -> new byte[32]));
        line("protocol_version", 1);
        peer.endpoint().ifPresent(endpoint -> line("endpoint", endpoint));
        Instant handshake = peer.lastHandshake().orElse(Instant.EPOCH);
        line("last_handshake_time_sec", handshake.getEpochSecond());
        line("last_handshake_time_nsec", handshake.getNano());
        line("tx_bytes", peer.txBytes());
        line("rx_bytes", peer.rxBytes());
        line("persistent_keepalive_interval", peer.keepaliveSeconds());
        peer.allowedIps().forEach(range -> line("allowed_ip", range));
    }

    private void line(String key, Object value) {
        writeBytes((key + '=' + value + '\n').getBytes(StandardCharsets.US_ASCII));
    }

    /** In hexadecimal; wipes the bytes. */
    private void secret(String key, byte[] value) {
        writeBytes((key + '=').getBytes(StandardCharsets.US_ASCII));
        for (byte each : value) {
            write(DIGITS.charAt((each >>> 4) & 0xF));
            write(DIGITS.charAt(each & 0xF));
        }
        write('\n');
        Arrays.fill(value, (byte) 0);
    }

    @Override
    public void close() {
        Arrays.fill(buf, (byte) 0);
        reset();
    }
}
