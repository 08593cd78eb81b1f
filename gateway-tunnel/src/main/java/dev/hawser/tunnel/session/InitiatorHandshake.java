// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.wire.HandshakeResponse;
import dev.hawser.tunnel.wire.Initiation;
import java.util.Arrays;
import java.util.Optional;

/**
 * The initiator's half of one handshake, from the initiation sent to the response awaited (whitepaper, sections 5.4.2 and
 * 5.4.3). Confined to the control thread; holds secrets until {@link #close}.
 */
final class InitiatorHandshake implements AutoCloseable {
    private final Identity identity;
    private final PrivateKey ephemeral;
    private final NoiseState state;
    private final Initiation initiation;

    private InitiatorHandshake(Identity identity, PrivateKey ephemeral, NoiseState state, Initiation initiation) {
        this.identity = identity;
        this.ephemeral = ephemeral;
        this.state = state;
        this.initiation = initiation;
    }

    /**
     * Begins a handshake.
     *
     * @param identity who we are in it
     * @param peer whom it is for, and what the static keys share
     * @param ephemeral a fresh key, which the handshake owns from now on
     * @param index the index the answer will name
     * @param timestamp greater than all before
     * @return empty if the peer's key is a point of small order, with which no secret can be shared
     */
    static Optional<InitiatorHandshake> begin(
            Identity identity, StaticSecret peer, PrivateKey ephemeral, int index, Tai64n timestamp) {
        Optional<byte[]> ephemeralStatic = ephemeral.agree(peer.publicKey());
        Optional<byte[]> staticStatic = peer.sharedWith(identity.privateKey());
        if (ephemeralStatic.isEmpty() || staticStatic.isEmpty()) {
            return Optional.empty();
        }
        NoiseState state = NoiseState.of(peer.publicKey());
        byte[] point = ephemeral.publicKey().toBytes();
        state.mixEphemeral(point);
        byte[] sealedStatic = state.seal(
                state.mixSecretForKey(ephemeralStatic.get()),
                identity.publicKey().toBytes());
        byte[] sealedTimestamp = state.seal(state.mixSecretForKey(staticStatic.get()), timestamp.toBytes());
        Arrays.fill(ephemeralStatic.get(), (byte) 0);
        Arrays.fill(staticStatic.get(), (byte) 0);
        Initiation initiation = Initiation.of(index, point, sealedStatic, sealedTimestamp);
        return Optional.of(new InitiatorHandshake(identity, ephemeral, state, initiation));
    }

    /** The key of ours that it is made with. */
    PublicKey local() {
        return identity.publicKey();
    }

    /** The message to send, its MACs still to be set. */
    Initiation initiation() {
        return initiation;
    }

    /** The index the answer names. */
    int index() {
        return initiation.sender();
    }

    /**
     * Ends the handshake with the response. A response that is refused leaves the handshake as it was: anybody who knows our
     * public key can send one.
     *
     * @return the transport keys, or empty if the response is not authentic
     */
    Optional<TransportKeys> end(HandshakeResponse response, PresharedKey psk) {
        PublicKey remote = PublicKey.of(response.ephemeral());
        Optional<byte[]> ephemeralEphemeral = ephemeral.agree(remote);
        Optional<byte[]> staticEphemeral = identity.privateKey().agree(remote);
        if (ephemeralEphemeral.isEmpty() || staticEphemeral.isEmpty()) {
            return Optional.empty();
        }
        try (NoiseState end = state.copy()) {
            end.mixEphemeral(response.ephemeral());
            end.mixSecret(ephemeralEphemeral.get());
            end.mixSecret(staticEphemeral.get());
            byte[] key = end.mixPresharedKey(psk);
            return end.open(key, response.sealedEmpty()).map(empty -> end.split(true));
        } finally {
            Arrays.fill(ephemeralEphemeral.get(), (byte) 0);
            Arrays.fill(staticEphemeral.get(), (byte) 0);
        }
    }

    @Override
    public void close() {
        ephemeral.close();
        state.close();
    }
}
