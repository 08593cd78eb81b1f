// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Holds a request against the present state: all of it belongs to custom resources, so a request may say again what is, but not
 * change it. The one thing nobody owns is where a peer is that has no endpoint configured. Pure.
 */
final class Ownership {
    private final DeviceView view;
    private final Map<PublicKey, DeviceView.Peer> peers;
    private final Map<PublicKey, UdpEndpoint> moves = new LinkedHashMap<>();

    Ownership(DeviceView view) {
        this.view = view;
        this.peers = view.peers().stream()
                .collect(Collectors.toMap(DeviceView.Peer::publicKey, Function.identity(), (first, _) -> first));
    }

    /** What a request that was let through wants moved. */
    Map<PublicKey, UdpEndpoint> moves() {
        return moves;
    }

    Errno judge(SetRequest request) {
        if (request.firewallMark().orElse(0) != 0) {
            return Errno.NOT_SUPPORTED;
        }
        boolean device = request.privateKey().map(this::isOurs).orElse(true)
                && request.listenPort().orElse(view.listenPort()) == view.listenPort();
        boolean complete = !request.replacePeers()
                || request.peers().stream()
                        .map(SetRequest.PeerRequest::publicKey)
                        .collect(Collectors.toSet())
                        .containsAll(peers.keySet());
        return device && complete && request.peers().stream().allMatch(this::mayBe) ? Errno.OK : Errno.NOT_PERMITTED;
    }

    private boolean isOurs(String hexKey) {
        byte[] ours = view.privateKey().toBytes();
        byte[] theirs = HexFormat.of().parseHex(hexKey);
        try {
            return MessageDigest.isEqual(ours, theirs);
        } finally {
            Arrays.fill(ours, (byte) 0);
            Arrays.fill(theirs, (byte) 0);
        }
    }

    private boolean mayBe(SetRequest.PeerRequest request) {
        DeviceView.Peer peer = peers.get(request.publicKey());
        if (peer == null) {
            return request.remove() || request.updateOnly();
        }
        if (request.remove() || !keepsSecret(peer, request) || !keepsRanges(peer, request)) {
            return false;
        }
        if (request.keepaliveSeconds().orElse(peer.keepaliveSeconds()) != peer.keepaliveSeconds()) {
            return false;
        }
        return request.endpoint().map(to -> mayMove(peer, to)).orElse(true);
    }

    private static boolean keepsSecret(DeviceView.Peer peer, SetRequest.PeerRequest request) {
        if (request.presharedKey().isEmpty()) {
            return true;
        }
        try (PresharedKey wished =
                PresharedKey.of(HexFormat.of().parseHex(request.presharedKey().get()))) {
            return wished.equals(peer.presharedKey().orElseGet(PresharedKey::none));
        }
    }

    private static boolean keepsRanges(DeviceView.Peer peer, SetRequest.PeerRequest request) {
        Set<?> present = Set.copyOf(peer.allowedIps());
        boolean none = request.refusedIps().stream().noneMatch(present::contains);
        boolean all =
                !request.replaceAllowedIps() || Set.copyOf(request.allowedIps()).containsAll(present);
        return none && all && present.containsAll(request.allowedIps());
    }

    private boolean mayMove(DeviceView.Peer peer, UdpEndpoint to) {
        Optional<UdpEndpoint> at = peer.endpoint();
        boolean there = at.isPresent()
                && at.get().address().equals(to.address())
                && at.get().port() == to.port();
        if (there) {
            return true;
        }
        if (peer.endpointOwned()) {
            return false;
        }
        moves.put(peer.publicKey(), to);
        return true;
    }
}
