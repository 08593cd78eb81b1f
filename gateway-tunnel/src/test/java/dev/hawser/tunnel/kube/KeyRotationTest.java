// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.kube.KeyMaterial.Rotation;
import dev.hawser.tunnel.kube.KeyRotation.Step;
import dev.hawser.tunnel.session.StaticKeys;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The replacement of a static key as decisions, as text in the Secret, and as keys in memory. */
class KeyRotationTest {
    private static final Random RANDOM = new Random(1);

    private final PrivateKey last = PrivateKey.generate(RANDOM);
    private final PrivateKey next = PrivateKey.generate(RANDOM);
    private final Map<String, String> first = KeySecret.withFirst(Map.of("other", "a2VwdA=="), last, 4);
    private final Map<String, String> both = KeySecret.withNext(first, next, 5);
    private final KeyRing ring = new KeyRing();

    @Test
    void beginsWhenTheGenerationRises() {
        KeyMaterial keys = read(first);

        assertThat(KeyRotation.due(keys, 4, List.of(), Set.of())).isEqualTo(Step.NONE);
        assertThat(KeyRotation.due(keys, 0, List.of(), Set.of())).isEqualTo(Step.NONE);
        assertThat(KeyRotation.due(keys, 5, List.of(), Set.of())).isEqualTo(Step.INTRODUCE);
    }

    @Test
    void usesTheNextKeyOnlyWhenEveryPeerAppliesIt() {
        KeyMaterial keys = read(both);

        assertThat(keys.staticKeys()).isEqualTo(StaticKeys.introducing(last, next));
        assertThat(KeyRotation.due(keys, 9, List.of(last.publicKey().toBase64()), Set.of()))
                .isEqualTo(Step.NONE);
        assertThat(KeyRotation.due(keys, 9, List.of(next.publicKey().toBase64()), Set.of()))
                .isEqualTo(Step.PROMOTE);
    }

    @Test
    void keepsTheLastKeyUntilNoSessionUsesIt() {
        ring.found(read(both));
        ring.found(read(KeySecret.promoted(both)));

        KeyMaterial keys = ring.keys().orElseThrow();
        assertThat(keys.staticKeys()).isEqualTo(StaticKeys.retiring(next, last));
        assertThat(KeyRotation.due(keys, 9, List.of(), Set.of(last.publicKey(), next.publicKey())))
                .isEqualTo(Step.NONE);
        assertThat(KeyRotation.due(keys, 9, List.of(), Set.of(next.publicKey())))
                .isEqualTo(Step.RETIRE);
    }

    @Test
    void staysRetiringHoweverOftenTheSecretIsRead() {
        ring.found(read(both));
        ring.found(read(KeySecret.promoted(both)));
        ring.found(read(KeySecret.promoted(both)));

        assertThat(ring.keys().orElseThrow().rotation()).isEqualTo(new Rotation.Retiring(last));
    }

    @Test
    void goesOnAfterARestartWithWhatTheSecretSays() {
        ring.found(read(KeySecret.promoted(both)));

        assertThat(ring.keys().orElseThrow().staticKeys()).isEqualTo(StaticKeys.only(next));
        assertThat(ring.keys().orElseThrow().generation()).isEqualTo(5);
    }

    @Test
    void wipesARetiredKeyWhenTheTunnelHasLetGoOfIt() {
        ring.found(read(both));
        ring.found(read(KeySecret.promoted(both)));
        PrivateKey retired = ring.keys().orElseThrow().staticKeys().last().orElseThrow();

        ring.retire();
        ring.wipeAllBut(StaticKeys.retiring(next, last), List.of());
        assertThat(retired).isEqualTo(last);

        ring.wipeAllBut(StaticKeys.only(next), List.of());
        assertThat(retired).isNotEqualTo(last);
        assertThat(ring.keys().orElseThrow().staticKeys()).isEqualTo(StaticKeys.only(next));
    }

    @Test
    void wipesAPresharedKeyThatWasReplacedWhenTheTunnelHasLetGoOfIt() {
        Map<String, String> data = new HashMap<>(first);
        data.put("psk.lisbon", KeySecret.withFirst(Map.of(), last, 0).get("private"));
        ring.found(read(data));
        PresharedKey replaced = ring.keys().orElseThrow().presharedKey("lisbon").orElseThrow();
        PresharedKey copy = PresharedKey.of(replaced.toBytes());

        ring.found(read(first));
        ring.wipeAllBut(StaticKeys.only(last), List.of(replaced));
        assertThat(replaced).isEqualTo(copy);

        ring.wipeAllBut(StaticKeys.only(last), List.of());
        assertThat(replaced).isEqualTo(PresharedKey.none());
    }

    @Test
    void keepsOneCopyOfEachKey() {
        Map<String, String> data = new HashMap<>(both);
        data.put("psk.lisbon", KeySecret.withFirst(Map.of(), last, 0).get("private"));
        ring.found(read(data));
        KeyMaterial before = ring.keys().orElseThrow();
        KeyMaterial again = read(data);

        ring.found(again);

        assertThat(ring.keys()).contains(before);
        assertThat(ring.keys().orElseThrow().current()).isSameAs(before.current());
        assertThat(again.current()).isNotEqualTo(last);
        assertThat(again.presharedKey("lisbon")).isNotEqualTo(before.presharedKey("lisbon"));
    }

    @Test
    void keepsWhatElseStandsInTheSecret() {
        assertThat(KeySecret.promoted(both)).containsEntry("other", "a2VwdA==").doesNotContainKey("next");
        assertThat(KeySecret.read(Map.of("other", "a2VwdA=="))).isEmpty();
    }

    @Test
    void keepsTheTimeStampsOfInitiations() {
        Tai64n label = new Tai64n(0x4000_0000_6a00_0000L, 16_777_216);

        assertThat(KeySecret.timestamp(KeySecret.withTimestamp(first, label))).contains(label);
        assertThat(KeySecret.timestamp(first)).isEmpty();
        assertThat(KeySecret.timestamp(Map.of("timestamp", "c29vbg=="))).isEmpty();
    }

    @Test
    void saysThatAGenerationIsNoNumber() {
        Map<String, String> data = new HashMap<>(first);
        data.put("generation", "c29vbg==");

        assertThatThrownBy(() -> KeySecret.read(data))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("\"soon\" is no number");
    }

    private static KeyMaterial read(Map<String, String> data) {
        return KeySecret.read(data).orElseThrow();
    }
}
