// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.OpeningKey;
import dev.hawser.tunnel.crypto.SealingKey;
import dev.hawser.tunnel.crypto.jce.SunJceAead;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AeadProvidersTest {
    private final Map<String, Supplier<AeadProvider>> candidates = new LinkedHashMap<>();

    @Test
    void choosesTheFastestThatWorks() {
        AeadChoice choice = AeadProviders.choose("auto");

        // BoringSSL is there only where somebody has installed it; where it is not, the choice says so.
        assertThat(choice.provider().name()).isEqualTo(choice.rejections().isEmpty() ? "boringssl" : "openssl");
    }

    @Test
    void choosesWhatIsAskedFor() {
        assertThat(AeadProviders.choose("sunjce").provider().name()).isEqualTo("sunjce");
    }

    @Test
    void refusesUnknownNames() {
        assertThatThrownBy(() -> AeadProviders.choose("aes"))
                .isInstanceOf(CryptoException.class)
                .hasMessage("AEAD provider \"aes\" is unknown; choose auto or one of [boringssl, openssl, sunjce]");
    }

    @Test
    void fallsBackAndSaysWhy() {
        candidates.put("missing", () -> {
            throw new CryptoException("cannot load libnothing.so");
        });
        candidates.put("wrong", WrongTag::new);
        candidates.put("sunjce", SunJceAead::new);

        AeadChoice choice = AeadProviders.choose("auto", candidates);

        assertThat(choice.provider().name()).isEqualTo("sunjce");
        assertThat(choice.rejections())
                .containsExactly(
                        "missing is not usable: cannot load libnothing.so",
                        "wrong fails its self-test: sealing 0 bytes into another buffer gives a wrong text");
    }

    @Test
    void doesNotFallBackFromAnExplicitWish() {
        candidates.put("wrong", WrongTag::new);
        candidates.put("sunjce", SunJceAead::new);

        assertThatThrownBy(() -> AeadProviders.choose("wrong", candidates))
                .isInstanceOf(CryptoException.class)
                .hasMessageContaining("wrong fails its self-test");
    }

    /** A provider whose tags have one bit flipped. */
    private static final class WrongTag implements AeadProvider {
        private final AeadProvider right = new SunJceAead();

        @Override
        public String name() {
            return "wrong";
        }

        @Override
        public SealingKey sealing(byte[] key) {
            SealingKey sealing = right.sealing(key);
            return new SealingKey() {
                @Override
                public boolean seal(
                        long counter,
                        MemorySegment source,
                        long sourceOffset,
                        int length,
                        MemorySegment target,
                        long targetOffset) {
                    boolean sealed = sealing.seal(counter, source, sourceOffset, length, target, targetOffset);
                    long last = targetOffset + length + TAG_LENGTH - 1;
                    target.set(ValueLayout.JAVA_BYTE, last, (byte) (target.get(ValueLayout.JAVA_BYTE, last) ^ 0x40));
                    return sealed;
                }

                @Override
                public void close() {
                    sealing.close();
                }
            };
        }

        @Override
        public OpeningKey opening(byte[] key) {
            return right.opening(key);
        }
    }
}
