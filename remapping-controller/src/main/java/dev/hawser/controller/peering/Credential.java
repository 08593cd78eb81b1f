// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.peering;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * A bearer token with its times, as a JWT (RFC 7519) says them in {@code iat} and {@code exp}. They are read to know when
 * to renew, not to trust anybody, so the signature is not looked at. Immutable; {@link #toString} hides the token.
 *
 * @param issued when it was made; empty if the token is no JWT
 * @param expires when it ends; empty if the token is no JWT or never ends
 */
record Credential(String token, Optional<Instant> issued, Optional<Instant> expires) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Credential of(String token) {
        JsonNode claims = claims(token);
        return new Credential(token, time(claims, "iat"), time(claims, "exp"));
    }

    /** Whether it has ended. */
    boolean expired(Instant now) {
        return expires.map(end -> !end.isAfter(now)).orElse(false);
    }

    /** Whether more than half of its life has passed: then there is as much time again to renew it in. */
    boolean wantsRenewal(Instant now) {
        return life().map(life -> issued.orElseThrow().plus(life.dividedBy(2)).isBefore(now))
                .orElse(false);
    }

    /** For how long it was made. */
    Optional<Duration> life() {
        return issued.isPresent() && expires.isPresent()
                ? Optional.of(Duration.between(issued.get(), expires.get()))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "Credential[token=(hidden), issued=" + issued + ", expires=" + expires + "]";
    }

    private static JsonNode claims(String token) {
        String[] parts = token.split("\\.", -1);
        if (parts.length == 3) {
            try {
                return JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
            } catch (IOException | IllegalArgumentException notJson) {
                // Some other kind of token: the server decides about it.
            }
        }
        return JSON.createObjectNode();
    }

    private static Optional<Instant> time(JsonNode claims, String name) {
        JsonNode claim = claims.path(name);
        return claim.isNumber() ? Optional.of(Instant.ofEpochSecond(claim.asLong())) : Optional.empty();
    }
}
