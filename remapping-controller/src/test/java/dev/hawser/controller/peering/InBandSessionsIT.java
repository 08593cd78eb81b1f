// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.peering;

import static dev.hawser.controller.reconcile.InstalledCluster.ID;
import static dev.hawser.controller.reconcile.InstalledCluster.NAMESPACE;
import static dev.hawser.controller.reconcile.InstalledCluster.PEERS;
import static dev.hawser.controller.reconcile.InstalledCluster.key;
import static dev.hawser.controller.reconcile.InstalledCluster.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Verdict;
import dev.hawser.api.networking.APIServerIdentity;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.controller.plan.InBand;
import dev.hawser.controller.reconcile.InstalledCluster;
import dev.hawser.controller.reconcile.RemoteSide;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.junit.SharedControlPlane;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.net.PortForward;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Conversations through the real proxy with a real API server, whose name nothing here can resolve. */
@RequiresLab
@ExtendWith(SharedControlPlane.class)
class InBandSessionsIT {
    private static final Duration SOON = Duration.ofSeconds(45);

    private static InstalledCluster cluster;
    private static RemoteSide remote;
    private static PortForward toProxy;

    private volatile Instant now = Instant.now();
    private InBandSessions sessions;

    @BeforeAll
    static void start(ControlPlane controlPlane) {
        cluster = InstalledCluster.on(controlPlane);
        remote = RemoteSide.of(cluster);
        toProxy = controlPlane.host().forwardPort(8118);
    }

    @AfterAll
    static void stop() {
        toProxy.close();
        remote.close();
    }

    @BeforeEach
    void meet() {
        sessions = new InBandSessions(new CredentialSecrets(cluster.client(), NAMESPACE), PEERS, () -> now, _ -> {});
    }

    @AfterEach
    void hangUp() {
        sessions.close();
    }

    @Test
    void learnsWhatThePeerAdvertisesAndFollowsIt() {
        remote.hand("porto", null);
        remote.advertise("porto", key(7), "198.51.100.8:51820");
        sessions.talk(target("porto"), Optional.empty());
        within(
                SOON,
                () -> assertThat(known("porto").learned())
                        .hasValueSatisfying(
                                learned -> assertThat(learned.endpoints()).containsExactly("198.51.100.8:51820")));
        assertThat(known("porto").reachable()).get().isInstanceOf(Verdict.Holds.class);

        remote.advertise("porto", key(7), "198.51.100.9:51820");

        within(
                SOON,
                () -> assertThat(known("porto").learned())
                        .hasValueSatisfying(
                                learned -> assertThat(learned.endpoints()).containsExactly("198.51.100.9:51820")));
    }

    @Test
    void copiesNothingFromAPeerWithAnUnknownKey() {
        remote.hand("braga", null);
        remote.advertise("braga", key(66), "198.51.100.66:51820");

        sessions.talk(target("braga"), Optional.empty());

        within(SOON, () -> assertThat(reason(known("braga").reachable())).isEqualTo("KeyConflict"));
        assertThat(known("braga").learned()).isEmpty();
    }

    @Test
    void saysThatATokenIsRefused() {
        remote.hand("faro", "garbage");

        sessions.talk(target("faro"), Optional.empty());

        within(SOON, () -> assertThat(reason(known("faro").reachable())).isEqualTo("Unauthorized"));
        assertThat(known("faro").credentialsExpired()).get().isInstanceOf(Verdict.Holds.class);
    }

    @Test
    void saysThatATokenIsSomebodyElses() {
        remote.hand("evora", cluster.controlPlane().token(NAMESPACE, "controller"));

        sessions.talk(target("evora"), Optional.empty());

        within(SOON, () -> assertThat(reason(known("evora").reachable())).isEqualTo("WrongIdentity"));
    }

    @Test
    void asksForATokenThatIsNotThereYet() {
        remote.advertise("aveiro", key(7), "198.51.100.8:51820");
        sessions.talk(target("aveiro"), Optional.empty());
        within(SOON, () -> assertThat(reason(known("aveiro").reachable())).isEqualTo("NoCredential"));

        remote.hand("aveiro", null);

        within(SOON, () -> assertThat(known("aveiro").reachable()).get().isInstanceOf(Verdict.Holds.class));
    }

    @Test
    void renewsItsTokenAtHalfOfItsLifeOnce() {
        remote.advertise("lagos", key(7), "198.51.100.8:51820");
        remote.hand("lagos", null);
        String first = token("lagos");
        now = Instant.now().plus(Duration.ofMinutes(40));

        sessions.talk(target("lagos"), Optional.empty());

        within(SOON, () -> assertThat(token("lagos")).isNotEqualTo(first));
        String second = token("lagos");
        within(SOON, () -> assertThat(known("lagos").reachable()).get().isInstanceOf(Verdict.Holds.class));
        assertThat(token("lagos")).isEqualTo(second);
    }

    @Test
    void renewsAShortLivedTokenAgainAndAgain() {
        Duration life = Duration.ofMinutes(10);
        remote.hand("tavira", remote.token(life));
        for (int round = 1; round <= 3; round++) {
            String before = token("tavira");
            now = now.plus(life.dividedBy(2)).plusSeconds(1);

            sessions.talk(target("tavira", false), Optional.empty());
            within(SOON, () -> assertThat(reason(known("tavira").reachable())).isEqualTo("NotConnected"));
            sessions.talk(target("tavira", true), Optional.empty());

            within(SOON, () -> assertThat(token("tavira")).isNotEqualTo(before));
        }
        assertThat(new CredentialSecrets(cluster.client(), NAMESPACE)
                        .read("peer-tavira-credential")
                        .flatMap(Credential::life))
                .hasValue(life);
    }

    private InBand known(String peerID) {
        return sessions.known(peerID);
    }

    private static PeerTarget target(String peerID) {
        return target(peerID, true);
    }

    private static PeerTarget target(String peerID, boolean connected) {
        return new PeerTarget(
                peerID,
                ID,
                new ProxyAddress("127.0.0.1", toProxy.localPort()),
                new APIServerIdentity(
                        "https://kubernetes.default.svc:443",
                        cluster.controlPlane().pki().caCertificate()),
                "peer-" + peerID + "-credential",
                connected,
                Set.of(key(7)),
                List.of(Cidr.parse("10.70.0.0/16")),
                List.of(Cidr.parse("10.200.0.0/16"), Cidr.parse("10.70.0.0/16")));
    }

    private static String token(String peerID) {
        return Objects.requireNonNull(cluster.client()
                .secrets()
                .inNamespace(NAMESPACE)
                .withName("peer-" + peerID + "-credential")
                .get()
                .getData()
                .get("token"));
    }

    private static String reason(Optional<Verdict> verdict) {
        return verdict.map(Verdict::reason).orElse("");
    }
}
