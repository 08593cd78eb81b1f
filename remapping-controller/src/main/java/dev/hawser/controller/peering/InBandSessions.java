// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.peering;

import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.controller.plan.InBand;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** All conversations with peers, one per cluster ID. Safe for any thread; no call blocks. */
public final class InBandSessions implements AutoCloseable {
    private final CredentialSecrets secrets;
    private final String peersNamespace;
    private final InstantSource clock;
    private final Consumer<String> onNews;
    private final Map<String, InBandSession> sessions = new ConcurrentHashMap<>();

    /**
     * No conversation yet.
     *
     * @param peersNamespace the namespace of Advertisements and peers' identities, in every cluster
     * @param onNews hears the ID of a peer about which something is new
     */
    public InBandSessions(
            CredentialSecrets secrets, String peersNamespace, InstantSource clock, Consumer<String> onNews) {
        this.secrets = secrets;
        this.peersNamespace = peersNamespace;
        this.clock = clock;
        this.onNews = onNews;
    }

    /**
     * Talks to this target from now on.
     *
     * @param learnedBefore what another controller had learned of the peer; used if this is the first conversation
     */
    public void talk(PeerTarget target, Optional<LearnedAdvertisement> learnedBefore) {
        sessions.computeIfAbsent(target.peerID(), id -> open(target, learnedBefore))
                .retarget(target);
    }

    /** What is known of a peer. */
    public InBand known(String peerID) {
        InBandSession session = sessions.get(peerID);
        return session == null ? InBand.UNASKED : session.known();
    }

    /** Ends the conversations with everybody else. */
    public void retain(Set<String> peerIDs) {
        sessions.forEach((id, session) -> {
            if (!peerIDs.contains(id) && sessions.remove(id, session)) {
                session.close();
            }
        });
    }

    @Override
    public void close() {
        retain(Set.of());
    }

    private InBandSession open(PeerTarget target, Optional<LearnedAdvertisement> learnedBefore) {
        InBandSession session = new InBandSession(
                target, learnedBefore, secrets, peersNamespace, clock, () -> onNews.accept(target.peerID()));
        session.start();
        return session;
    }
}
