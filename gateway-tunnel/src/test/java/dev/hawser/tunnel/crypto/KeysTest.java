// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import static dev.hawser.tunnel.crypto.Hex.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class KeysTest {
    @Test
    void agreesAsInRfc7748Section6() {
        PrivateKey alice = PrivateKey.of(bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"));
        PrivateKey bob = PrivateKey.of(bytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"));
        byte[] shared = bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");

        assertThat(alice.publicKey().toBytes())
                .isEqualTo(bytes("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"));
        assertThat(bob.publicKey().toBytes())
                .isEqualTo(bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"));
        assertThat(alice.agree(bob.publicKey())).hasValue(shared);
        assertThat(bob.agree(alice.publicKey())).hasValue(shared);
    }

    @Test
    void multipliesAsInRfc7748Section5() {
        assertThat(product(
                        "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
                        "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c"))
                .isEqualTo(bytes("c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"));
        assertThat(product(
                        "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
                        "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493"))
                .isEqualTo(bytes("95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"));
    }

    @Test
    void iteratesAsInRfc7748Section5() {
        byte[] k = new byte[32];
        k[0] = 9;
        byte[] u = k.clone();
        for (int i = 0; i < 1000; i++) {
            byte[] next = PrivateKey.of(k).agree(PublicKey.of(u)).orElseThrow();
            u = k;
            k = next;
        }

        assertThat(k).isEqualTo(bytes("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51"));
    }

    @Test
    void refusesPointsOfSmallOrder() {
        assertThat(PrivateKey.generate(new Random(1)).agree(PublicKey.of(new byte[32])))
                .isEmpty();
    }

    @Test
    void readsWhatWgPrints() {
        PrivateKey key = PrivateKey.fromBase64("cGFydGljdWxhcmx5IHVzZWxlc3Mga2V5LCBzb3JyeSE=\n");

        assertThat(PrivateKey.fromBase64(key.toBase64())).isEqualTo(key);
        assertThat(PublicKey.fromBase64(key.publicKey().toBase64())).isEqualTo(key.publicKey());
    }

    @Test
    void showsNoSecret() {
        PrivateKey key = PrivateKey.generate(new Random(2));
        PresharedKey psk = PresharedKey.generate(new Random(3));

        assertThat(key.toString()).contains(key.publicKey().toBase64()).doesNotContain(key.toBase64());
        assertThat(psk.toString()).doesNotContain(psk.toBase64());
    }

    @Test
    void wipesWhenClosed() {
        PrivateKey key = PrivateKey.generate(new Random(2));
        PresharedKey psk = PresharedKey.generate(new Random(3));

        key.close();
        psk.close();

        assertThat(key.toBase64()).isEqualTo(PresharedKey.none().toBase64());
        assertThat(psk).isEqualTo(PresharedKey.none());
    }

    @Test
    void refusesWhatIsNoKeyWithoutRepeatingIt() {
        assertThatThrownBy(() -> PrivateKey.fromBase64("geheim!"))
                .isInstanceOf(CryptoException.class)
                .hasMessageContaining("private key is not base64")
                .hasMessageNotContaining("geheim");
        assertThatThrownBy(() -> PublicKey.of(new byte[31]))
                .isInstanceOf(CryptoException.class)
                .hasMessage("public key has 31 bytes; it must have 32");
    }

    private static byte[] product(String scalar, String point) {
        return PrivateKey.of(bytes(scalar)).agree(PublicKey.of(bytes(point))).orElseThrow();
    }
}
