// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import static dev.hawser.tunnel.crypto.Hex.bytes;
import static dev.hawser.tunnel.crypto.Hex.counting;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** RFC 7693 where it has a vector; the keyed forms against CPython's hashlib and hmac, which share no code with ours. */
class Blake2sTest {
    @Test
    void hashesAbcAsInRfc7693AppendixB() {
        assertThat(Blake2s.hash("abc".getBytes(StandardCharsets.US_ASCII)))
                .isEqualTo(bytes("508c5e8c327c14e2e1a72ba34eeb452f37458b209ed63a294d999b4c86675982"));
    }

    @Test
    void hashesPartsAsTheirConcatenation() {
        assertThat(Blake2s.hash(new byte[] {'a'}, new byte[0], new byte[] {'b', 'c'}))
                .isEqualTo(Blake2s.hash("abc".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void macIsKeyedNatively() {
        assertThat(Blake2s.mac(counting(32), counting(100))).isEqualTo(bytes("0b67d33f8b859c3157fbabd9e6e47ed0"));
        assertThat(Blake2s.mac(counting(16), new byte[0])).isEqualTo(bytes("af4e5d3bb230e9ff9096ca6f7c501f76"));
    }

    @Test
    void hmacIsTheClassicConstruction() {
        assertThat(Blake2s.hmac(counting(32), counting(100)))
                .isEqualTo(bytes("a81c95080ba2a7c4ed1b7b4c21dec2c4fd6dc9f03ff37b6d65289dc95a7d1ef1"));
    }

    @Test
    void hmacHashesKeysLongerThanABlock() {
        assertThat(Blake2s.hmac(counting(80), counting(100)))
                .isEqualTo(bytes("a546a136fb19a1d0f36eb26ec447968e142864afeac0976b9e9b6e7b8c216126"));
    }

    @Test
    void derivesUpToThreeKeys() {
        byte[][] keys = Kdf.derive(3, counting(32), counting(100));

        assertThat(keys[0]).isEqualTo(bytes("90d0e91cdaea20e41b7e43ef99a35292921d3d49c1d86f48ddf62dbc1cc1bb01"));
        assertThat(keys[1]).isEqualTo(bytes("8814819cb396ee544e3a8314285739d6527a8d87cf930252e61501140ddbba51"));
        assertThat(keys[2]).isEqualTo(bytes("2d4748e29b90d92057489d6aaa0ee0d2a135113b4baaefb8d82fb54bffe16496"));
        assertThat(Kdf.derive(1, counting(32), counting(100))[0]).isEqualTo(keys[0]);
    }

    @Test
    void derivesFromNothing() {
        assertThat(Kdf.derive(1, counting(32), new byte[0])[0])
                .isEqualTo(bytes("7a38c34bf2b8738d7374ca77c44ecb309a11d2b2528304fa86052c365e722624"));
    }
}
