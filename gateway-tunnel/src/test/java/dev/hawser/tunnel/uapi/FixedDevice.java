// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A tunnel that stands still: one peer whose endpoint is configured, and one that only dials in. */
final class FixedDevice implements UapiDevice {
    static final PrivateKey KEY = PrivateKey.generate(new Random(1));
    static final PresharedKey PSK = PresharedKey.generate(new Random(2));
    static final PublicKey LISBON = filled(2);
    static final PublicKey PORTO = filled(3);

    final Map<PublicKey, UdpEndpoint> moved = new LinkedHashMap<>();
    private final Optional<DeviceView> view;

    private FixedDevice(Optional<DeviceView> view) {
        this.view = view;
    }

    static FixedDevice absent() {
        return new FixedDevice(Optional.empty());
    }

    static FixedDevice present() {
        DeviceView.Peer lisbon = new DeviceView.Peer(
                LISBON,
                Optional.of(PSK),
                Optional.of(UdpEndpoint.of(IpAddress.parse("2001:db8::2"), 51_820)),
                true,
                Optional.of(Instant.ofEpochSecond(1_700_000_000, 5)),
                2_000,
                3_000,
                25,
                List.of(Cidr.parse("10.200.0.0/16"), Cidr.parse("fd00:10:200::/56")));
        DeviceView.Peer porto = new DeviceView.Peer(
                PORTO,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                0,
                0,
                0,
                List.of(Cidr.parse("10.200.0.0/16")));
        return new FixedDevice(Optional.of(new DeviceView(KEY, 51_820, List.of(lisbon, porto))));
    }

    @Override
    public Optional<DeviceView> view() {
        return view;
    }

    @Override
    public boolean move(PublicKey peer, UdpEndpoint to) {
        moved.put(peer, to);
        return true;
    }

    /** What the device answers to a request. */
    String answer(String request) {
        return new String(answer(request.getBytes(StandardCharsets.ISO_8859_1)), StandardCharsets.ISO_8859_1);
    }

    byte[] answer(byte[] request) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new UapiDialogue(new ByteArrayInputStream(request), out, this).run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** A key that a fuzzer can guess. */
    private static PublicKey filled(int value) {
        byte[] bytes = new byte[PublicKey.LENGTH];
        Arrays.fill(bytes, (byte) value);
        return PublicKey.of(bytes);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
