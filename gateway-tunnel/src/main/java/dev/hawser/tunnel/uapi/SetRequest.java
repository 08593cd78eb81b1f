// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What {@code set=1} asks for, as it stands there.
 *
 * @param privateKey 32 bytes in hexadecimal, which are a secret
 * @param replacePeers whether peers that are not named shall go
 */
record SetRequest(
        Optional<String> privateKey,
        OptionalInt listenPort,
        OptionalInt firewallMark,
        boolean replacePeers,
        List<PeerRequest> peers) {
    private static final int LARGEST_PORT = 65_535;

    SetRequest {
        peers = List.copyOf(peers);
    }

    /**
     * What is asked for one peer.
     *
     * @param presharedKey as the private key
     */
    record PeerRequest(
            PublicKey publicKey,
            boolean remove,
            boolean updateOnly,
            Optional<String> presharedKey,
            Optional<UdpEndpoint> endpoint,
            OptionalInt keepaliveSeconds,
            boolean replaceAllowedIps,
            List<Cidr> allowedIps,
            List<Cidr> refusedIps) {}

    /** Reads the lines between {@code set=1} and the empty one; nothing if they cannot be read. */
    static Optional<SetRequest> parse(List<String> lines) {
        Reader reader = new Reader();
        try {
            lines.forEach(reader::line);
            return Optional.of(reader.end());
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }

    private static final class Reader {
        private Optional<String> privateKey = Optional.empty();
        private OptionalInt listenPort = OptionalInt.empty();
        private OptionalInt firewallMark = OptionalInt.empty();
        private boolean replacePeers;
        private final List<PeerRequest> peers = new ArrayList<>();
        private Optional<PeerReader> peer = Optional.empty();

        void line(String line) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("a line without =");
            }
            String key = line.substring(0, equals);
            String value = line.substring(equals + 1);
            if (key.equals("public_key")) {
                endPeer();
                peer = Optional.of(new PeerReader(PublicKey.of(HexFormat.of().parseHex(hexKey(value)))));
            } else if (peer.isPresent()) {
                peer.get().line(key, value);
            } else {
                deviceLine(key, value);
            }
        }

        private void deviceLine(String key, String value) {
            switch (key) {
                case "private_key" -> privateKey = Optional.of(hexKey(value));
                case "listen_port" -> listenPort = OptionalInt.of(number(value, LARGEST_PORT));
                case "fwmark" -> firewallMark = OptionalInt.of(value.isEmpty() ? 0 : Integer.parseUnsignedInt(value));
                case "replace_peers" -> replacePeers = onlyTrue(value);
                default -> throw new IllegalArgumentException("unknown key");
            }
        }

        private void endPeer() {
            peer.ifPresent(read -> peers.add(read.end()));
        }

        SetRequest end() {
            endPeer();
            return new SetRequest(privateKey, listenPort, firewallMark, replacePeers, peers);
        }
    }

    private static final class PeerReader {
        private final PublicKey publicKey;
        private boolean remove;
        private boolean updateOnly;
        private Optional<String> presharedKey = Optional.empty();
        private Optional<UdpEndpoint> endpoint = Optional.empty();
        private OptionalInt keepaliveSeconds = OptionalInt.empty();
        private boolean replaceAllowedIps;
        private final List<Cidr> allowedIps = new ArrayList<>();
        private final List<Cidr> refusedIps = new ArrayList<>();

        PeerReader(PublicKey publicKey) {
            this.publicKey = publicKey;
        }

        void line(String key, String value) {
            switch (key) {
                case "remove" -> remove = onlyTrue(value);
                case "update_only" -> updateOnly = onlyTrue(value);
                case "preshared_key" -> presharedKey = Optional.of(hexKey(value));
                case "endpoint" -> endpoint = Optional.of(endpoint(value));
                case "persistent_keepalive_interval" -> keepaliveSeconds = OptionalInt.of(number(value, LARGEST_PORT));
                case "replace_allowed_ips" -> replaceAllowedIps = onlyTrue(value);
                case "allowed_ip" -> allowedIp(value);
                case "protocol_version" -> {
                    if (number(value, LARGEST_PORT) != 1) {
                        throw new IllegalArgumentException("unknown version");
                    }
                }
                default -> throw new IllegalArgumentException("unknown key");
            }
        }

        /** Newer tools put a sign in front: + adds, as none does, - takes away. */
        private void allowedIp(String value) {
            if (value.startsWith("-")) {
                refusedIps.add(range(value.substring(1)));
            } else {
                allowedIps.add(range(value.startsWith("+") ? value.substring(1) : value));
            }
        }

        PeerRequest end() {
            return new PeerRequest(
                    publicKey,
                    remove,
                    updateOnly,
                    presharedKey,
                    endpoint,
                    keepaliveSeconds,
                    replaceAllowedIps,
                    List.copyOf(allowedIps),
                    List.copyOf(refusedIps));
        }
    }

    private static String hexKey(String value) {
        if (value.length() != 2 * PublicKey.LENGTH || !value.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException("not a key");
        }
        return value.toLowerCase(Locale.ROOT);
    }

    private static int number(String value, int largest) {
        int number = value.equals("off") ? 0 : Integer.parseInt(value);
        if (number < 0 || number > largest) {
            throw new IllegalArgumentException("out of range");
        }
        return number;
    }

    private static boolean onlyTrue(String value) {
        if (!value.equals("true")) {
            throw new IllegalArgumentException("neither set nor true");
        }
        return true;
    }

    /** As {@code wg} does, host bits are taken away. */
    private static Cidr range(String value) {
        int slash = value.indexOf('/');
        if (slash < 0) {
            return Cidr.host(IpAddress.parse(value));
        }
        return Cidr.enclosing(IpAddress.parse(value.substring(0, slash)), Integer.parseInt(value.substring(slash + 1)));
    }

    private static UdpEndpoint endpoint(String value) {
        int colon = value.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("no port");
        }
        String host = value.substring(0, colon);
        boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
        IpAddress address = IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
        return UdpEndpoint.of(address, Integer.parseInt(value.substring(colon + 1)));
    }
}
