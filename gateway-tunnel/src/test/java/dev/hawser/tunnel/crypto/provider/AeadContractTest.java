// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.provider;

import static dev.hawser.tunnel.crypto.Hex.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.OpeningKey;
import dev.hawser.tunnel.crypto.SealingKey;
import dev.hawser.tunnel.crypto.jce.SunJceAead;
import dev.hawser.tunnel.crypto.nativeaead.BoringSslAead;
import dev.hawser.tunnel.crypto.nativeaead.OpenSslAead;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every AEAD provider owes the packet path. */
class AeadContractTest {
    private static final byte[] KEY = bytes("1c9240a5eb55d38af333888604f6b5f0473917c1402b80099dca5cbc207075c0");
    // RFC 8439 A.5 has the nonce 000000000102030405060708: ours, with this counter.
    private static final long COUNTER = 0x0807_0605_0403_0201L;
    private static final byte[] PLAINTEXT = ("Internet-Drafts are draft documents valid for a maximum of six months "
                    + "and may be updated, replaced, or obsoleted by other documents at any time. It is inappropriate "
                    + "to use Internet-Drafts as reference material or to cite them other than as "
                    + "/\u201cwork in progress./\u201d")
            .getBytes(StandardCharsets.UTF_8);
    private static final byte[] CIPHERTEXT = bytes(
            "64a0861575861af460f062c79be643bd5e805cfd345cf389f108670ac76c8cb24c6cfc18755d43ee",
            "a09ee94e382d26b0bdb7b73c321b0100d4f03b7f355894cf332f830e710b97ce98c8a84abd0b9481",
            "14ad176e008d33bd60f982b1ff37c8559797a06ef4f0ef61c186324e2b3506383606907b6a7c02b0",
            "f9f6157b53c867e4b9166c767b804d46a59b5216cde7a4e99040c5a40433225ee282a1b0a06c523e",
            "af4534d7f83fa1155b0047718cbc546a0d072b04b3564eea1b422273f548271a0bb2316053fa7699",
            "1955ebd63159434ecebb4e466dae5a1073a6727627097a1049e617d91d361094fa68f0ff77987130",
            "305beaba2eda04df997b714d6c6f2c29a6ad5cb4022b02709b");

    private final MemorySegment buffer = Arena.ofAuto().allocate(2048);
    private final MemorySegment other = Arena.ofAuto().allocate(2048);

    static Stream<AeadProvider> providers() {
        return Stream.concat(boringSsl().stream(), Stream.of(OpenSslAead.load(), new SunJceAead()));
    }

    private static Optional<AeadProvider> boringSsl() {
        try {
            return Optional.of(BoringSslAead.load());
        } catch (CryptoException absent) {
            return Optional.empty();
        }
    }

    /** The others are part of every machine that can build this; BoringSSL is a package that somebody has to install. */
    @Test
    void knowsWhetherBoringSslIsTested() {
        if (!"1".equals(System.getenv("HAWSER_REQUIRE_ALL"))) {
            assumeThat(boringSsl())
                    .as("BoringSSL (Debian: android-libboringssl)")
                    .isPresent();
        }
        assertThat(boringSsl()).as("BoringSSL (Debian: android-libboringssl)").isPresent();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void passesTheSelfTest(AeadProvider provider) {
        assertThat(AeadSelfTest.failureOf(provider)).isEqualTo(Optional.empty());
    }

    /** The RFC's associated data touches only the tag, so the ciphertext is to be the RFC's. */
    @ParameterizedTest
    @MethodSource("providers")
    void encryptsAsInRfc8439AppendixA5(AeadProvider provider) {
        try (SealingKey sealing = provider.sealing(KEY)) {
            put(PLAINTEXT);

            assertThat(sealing.seal(COUNTER, buffer, 0, PLAINTEXT.length)).isTrue();
        }

        assertThat(buffer.asSlice(0, PLAINTEXT.length).toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(CIPHERTEXT);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void opensTheSameDatagramTwiceInARow(AeadProvider provider) {
        try (SealingKey sealing = provider.sealing(KEY);
                OpeningKey opening = provider.opening(KEY)) {
            put(PLAINTEXT);
            sealing.seal(5, buffer, 0, PLAINTEXT.length);
            int sealedLength = PLAINTEXT.length + AeadProvider.TAG_LENGTH;

            assertThat(opening.open(5, buffer, 0, sealedLength, other, 0)).isTrue();
            assertThat(opening.open(5, buffer, 0, sealedLength, other, 0)).isTrue();
            assertThat(opening.open(6, buffer, 0, sealedLength, other, 0)).isFalse();
            assertThat(opening.open(5, buffer, 0, sealedLength, other, 0)).isTrue();
        }
        assertThat(other.asSlice(0, PLAINTEXT.length).toArray(ValueLayout.JAVA_BYTE))
                .isEqualTo(PLAINTEXT);
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesWhatIsShorterThanATag(AeadProvider provider) {
        try (OpeningKey opening = provider.opening(KEY)) {
            assertThat(opening.open(0, buffer, 0, 15)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void refusesToWorkAfterClosing(AeadProvider provider) {
        SealingKey sealing = provider.sealing(KEY);
        OpeningKey opening = provider.opening(KEY);

        sealing.close();
        sealing.close();
        opening.close();

        assertThat(sealing.seal(0, buffer, 0, 100)).isFalse();
        assertThat(opening.open(0, buffer, 0, 100)).isFalse();
    }

    @ParameterizedTest
    @MethodSource("providers")
    void staysWithinTheBuffer(AeadProvider provider) {
        try (SealingKey sealing = provider.sealing(KEY);
                OpeningKey opening = provider.opening(KEY)) {
            assertThatThrownBy(() -> sealing.seal(0, buffer, 2000, 48)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> opening.open(0, buffer, 2000, 64)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("providers")
    void closesWhileAnotherThreadSeals(AeadProvider provider) throws InterruptedException {
        SealingKey sealing = provider.sealing(KEY);
        CountDownLatch started = new CountDownLatch(1);
        Thread sealer = Thread.ofPlatform().start(() -> {
            long counter = 0;
            while (sealing.seal(counter++, buffer, 0, 1420)) {
                started.countDown();
            }
        });
        started.await();

        sealing.close();
        sealer.join(10_000);

        assertThat(sealer.isAlive()).isFalse();
    }

    private void put(byte[] bytes) {
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }
}
