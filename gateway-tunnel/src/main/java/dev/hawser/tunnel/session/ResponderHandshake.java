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
 * The responder's half of one handshake: an initiation that was opened, and the response to it (whitepaper, sections 5.4.2 and
 * 5.4.3). Confined to the control thread; holds secrets until {@link #close}.
 */
final class ResponderHandshake implements AutoCloseable {
    private final Identity identity;
    private final PublicKey remote;
    private final Tai64n timestamp;
    private final Initiation initiation;
    private final NoiseState state;

    private ResponderHandshake(
            Identity identity, PublicKey remote, Tai64n timestamp, Initiation initiation, NoiseState state) {
        this.identity = identity;
        this.remote = remote;
        this.timestamp = timestamp;
        this.initiation = initiation;
        this.state = state;
    }

    /**
     * Opens an initiation.
     *
     * @return empty if it is not authentic; otherwise its sender owns the static key it names, but may be repeating itself
     */
    static Optional<ResponderHandshake> open(Identity identity, Initiation initiation) {
        NoiseState state = NoiseState.of(identity.publicKey());
        state.mixEphemeral(initiation.ephemeral());
        return identity.privateKey()
                .agree(PublicKey.of(initiation.ephemeral()))
                .flatMap(secret -> state.open(key(state, secret), initiation.sealedStatic()))
                .map(PublicKey::of)
                .flatMap(remote -> openTimestamp(identity, remote, initiation, state));
    }

    private static Optional<ResponderHandshake> openTimestamp(
            Identity identity, PublicKey remote, Initiation initiation, NoiseState state) {
        return identity.privateKey()
                .agree(remote)
                .flatMap(secret -> state.open(key(state, secret), initiation.sealedTimestamp()))
                .map(label -> new ResponderHandshake(identity, remote, Tai64n.parse(label), initiation, state));
    }

    /** The key of ours that it was made for. */
    PublicKey local() {
        return identity.publicKey();
    }

    /** Who began the handshake. */
    PublicKey remote() {
        return remote;
    }

    /** When, by its own clock; must be greater than all before. */
    Tai64n timestamp() {
        return timestamp;
    }

    /** The index the initiator gave itself. */
    int remoteIndex() {
        return initiation.sender();
    }

    /**
     * Answers; call once.
     *
     * @param ephemeral a fresh key, which the caller wipes afterwards
     * @param index our index
     * @param psk the secret shared with this peer
     * @return empty if one of the initiator's keys is a point of small order
     */
    Optional<Answer> answer(PrivateKey ephemeral, int index, PresharedKey psk) {
        Optional<byte[]> ephemeralEphemeral = ephemeral.agree(PublicKey.of(initiation.ephemeral()));
        Optional<byte[]> ephemeralStatic = ephemeral.agree(remote);
        if (ephemeralEphemeral.isEmpty() || ephemeralStatic.isEmpty()) {
            return Optional.empty();
        }
        byte[] point = ephemeral.publicKey().toBytes();
        state.mixEphemeral(point);
        state.mixSecret(ephemeralEphemeral.get());
        state.mixSecret(ephemeralStatic.get());
        Arrays.fill(ephemeralEphemeral.get(), (byte) 0);
        Arrays.fill(ephemeralStatic.get(), (byte) 0);
        byte[] sealedEmpty = state.seal(state.mixPresharedKey(psk), new byte[0]);
        HandshakeResponse response = HandshakeResponse.of(index, initiation.sender(), point, sealedEmpty);
        return Optional.of(new Answer(response, state.split(false)));
    }

    /**
     * The end of the responder's half.
     *
     * @param response the message to send, its MACs still to be set
     * @param keys the transport keys
     */
    record Answer(HandshakeResponse response, TransportKeys keys) {}

    @Override
    public void close() {
        state.close();
    }

    private static byte[] key(NoiseState state, byte[] secret) {
        byte[] key = state.mixSecretForKey(secret);
        Arrays.fill(secret, (byte) 0);
        return key;
    }
}
