// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.peering;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialTest {
    private static final Instant ISSUED = Instant.ofEpochSecond(1_000_000);

    @Test
    void wantsRenewalAfterHalfOfItsLife() {
        Credential credential = Credential.of(jwt("{\"iat\":1000000,\"exp\":1003600}"));

        assertThat(credential.wantsRenewal(ISSUED.plusSeconds(1799))).isFalse();
        assertThat(credential.wantsRenewal(ISSUED.plusSeconds(1801))).isTrue();
        assertThat(credential.expired(ISSUED.plusSeconds(3599))).isFalse();
        assertThat(credential.expired(ISSUED.plusSeconds(3600))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"opaque", "a.b.c", "a.eyJ.c", "..", "a.bnVsbA.c"})
    void leavesTokensThatSayNoTimesToTheServer(String token) {
        Credential credential = Credential.of(token);

        assertThat(credential.expired(Instant.MAX)).isFalse();
        assertThat(credential.wantsRenewal(Instant.MAX)).isFalse();
    }

    @Test
    void showsNoToken() {
        assertThat(Credential.of("secret-token").toString()).doesNotContain("secret-token");
    }

    private static String jwt(String claims) {
        return "e30." + Base64.getUrlEncoder().withoutPadding().encodeToString(claims.getBytes(StandardCharsets.UTF_8))
                + ".signature";
    }
}
