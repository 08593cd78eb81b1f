// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StaticSecretTest {
    private final PrivateKey peer = PrivateKey.generate(new Random(1));
    private final PrivateKey own = PrivateKey.generate(new Random(2));
    private final PrivateKey next = PrivateKey.generate(new Random(3));
    private final StaticSecret secret = new StaticSecret(peer.publicKey());

    @Test
    void staysTheSameHoweverOftenItIsWiped() {
        for (int handshake = 0; handshake < 3; handshake++) {
            byte[] shared = secret.sharedWith(own).orElseThrow();
            assertThat(shared).isEqualTo(peer.agree(own.publicKey()).orElseThrow());
            Arrays.fill(shared, (byte) 0);
        }
    }

    @Test
    void isAnotherWithAnotherKeyOfOurs() {
        var _ = secret.sharedWith(own);

        assertThat(secret.sharedWith(next))
                .hasValue(peer.agree(next.publicKey()).orElseThrow());
        assertThat(secret.sharedWith(own)).hasValue(peer.agree(own.publicKey()).orElseThrow());
    }

    @Test
    void isDerivedAnewAfterItWasWiped() {
        var _ = secret.sharedWith(own);
        secret.close();

        assertThat(secret.sharedWith(own)).hasValue(peer.agree(own.publicKey()).orElseThrow());
    }

    @Test
    void isNoneWithAPointOfSmallOrder() {
        StaticSecret none = new StaticSecret(PublicKey.of(new byte[PublicKey.LENGTH]));

        assertThat(none.sharedWith(own)).isEmpty();
        assertThat(none.sharedWith(own)).isEmpty();
    }
}
