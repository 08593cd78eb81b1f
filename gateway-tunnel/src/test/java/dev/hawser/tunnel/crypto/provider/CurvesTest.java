// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto.provider;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.crypto.nativeaead.OpenSslCurve;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CurvesTest {
    private static final OpenSslCurve OPENSSL = OpenSslCurve.load();

    /** Points on which implementations have differed: small orders, not reduced, and with the bit that RFC 7748 has ignored. */
    private static final List<String> ODD = List.of(
            "00".repeat(32),
            "01" + "00".repeat(31),
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ec" + "ff".repeat(30) + "7f",
            "ed" + "ff".repeat(30) + "7f",
            "ee" + "ff".repeat(30) + "7f",
            "ff".repeat(32));

    @Test
    void prefersOpenSsl() {
        assertThat(Curves.choose().name()).isEqualTo("openssl");
    }

    @Test
    void takesTheOneInJavaWhereTheOtherIsMissingOrWrong() {
        assertThat(Curves.choose(() -> {
                    throw new CryptoException("cannot load");
                }))
                .isSameAs(Curve25519.BOUNCY_CASTLE);
        assertThat(Curves.choose(Lying::new)).isSameAs(Curve25519.BOUNCY_CASTLE);
    }

    @Property(tries = 300)
    void agreesWithTheOneInJava(@ForAll("bytes") byte[] scalar, @ForAll("points") byte[] point) {
        PrivateKey slow = PrivateKey.of(scalar);
        PrivateKey fast = slow.by(OPENSSL);
        PublicKey other = PublicKey.of(point);

        assertThat(fast.agree(other).map(HexFormat.of()::formatHex))
                .isEqualTo(slow.agree(other).map(HexFormat.of()::formatHex));
        assertThat(OPENSSL.publicKey(slow.toBytes())).isEqualTo(slow.publicKey().toBytes());
    }

    @Test
    void makesKeysThatAgreeWithThoseOfTheOther() {
        PrivateKey one = PrivateKey.generate(new Random(1), OPENSSL);
        PrivateKey other = PrivateKey.generate(new Random(2));

        assertThat(one.agree(other.publicKey()).orElseThrow())
                .isEqualTo(other.agree(one.publicKey()).orElseThrow());
    }

    @Test
    void servesManyThreads() {
        PrivateKey one = PrivateKey.generate(new Random(1), OPENSSL);
        PrivateKey other = PrivateKey.generate(new Random(2), OPENSSL);
        byte[] expected = one.agree(other.publicKey()).orElseThrow();

        assertThat(IntStream.range(0, 2_000)
                        .parallel()
                        .allMatch(i -> Arrays.equals(
                                expected, other.agree(one.publicKey()).orElseThrow())))
                .isTrue();
    }

    /** To wipe a key is to wipe it for both. */
    @Test
    void wipesWithTheKeyItCameFrom() {
        PrivateKey key = PrivateKey.generate(new Random(1));
        PrivateKey fast = key.by(OPENSSL);

        key.close();

        assertThat(fast.toBytes()).containsOnly(0);
    }

    @Provide
    Arbitrary<byte[]> bytes() {
        return Arbitraries.bytes().array(byte[].class).ofSize(32);
    }

    @Provide
    Arbitrary<byte[]> points() {
        return Arbitraries.oneOf(bytes(), Arbitraries.of(ODD).map(HexFormat.of()::parseHex));
    }

    /** Right in all but what it says of a point of small order. */
    private static final class Lying implements Curve25519 {
        @Override
        public String name() {
            return "lying";
        }

        @Override
        public byte[] publicKey(byte[] scalar) {
            return OPENSSL.publicKey(scalar);
        }

        @Override
        public boolean agree(byte[] scalar, byte[] ownPoint, byte[] point, byte[] shared) {
            var _ = OPENSSL.agree(scalar, ownPoint, point, shared);
            return true;
        }
    }
}
