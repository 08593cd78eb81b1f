// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import static dev.hawser.tunnel.crypto.Hex.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class HandshakeAeadTest {
    private static final byte[] KEY = bytes("808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
    private static final byte[] DATA = bytes("50515253c0c1c2c3c4c5c6c7");
    private static final byte[] SUNSCREEN = ("Ladies and Gentlemen of the class of '99: If I could offer you "
                    + "only one tip for the future, sunscreen would be it.")
            .getBytes(StandardCharsets.US_ASCII);

    @Test
    void sealsAndOpensAsInRfc8439Section282() {
        byte[] nonce = bytes("070000004041424344454647");
        byte[] sealed = bytes(
                "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d63dbea45e8ca96712",
                "82fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b3692ddbd7f2d778b8c9803aee328091b58",
                "fab324e4fad675945585808b4831d7bc3ff4def08e4b7a9de576d26586cec64b6116",
                "1ae10b594f09e26a7e902ecbd0600691");

        assertThat(HandshakeAead.CHACHA20_POLY1305.seal(KEY, nonce, SUNSCREEN, DATA))
                .isEqualTo(sealed);
        assertThat(HandshakeAead.CHACHA20_POLY1305.open(KEY, nonce, sealed, DATA))
                .hasValue(SUNSCREEN);
    }

    @Test
    void sealsAndOpensAsInTheXchachaDraft() {
        byte[] nonce = bytes("404142434445464748494a4b4c4d4e4f5051525354555657");
        byte[] sealed = bytes(
                "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa644",
                "0bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e",
                "3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52e",
                "c0875924c1c7987947deafd8780acf49");

        assertThat(HandshakeAead.XCHACHA20_POLY1305.seal(KEY, nonce, SUNSCREEN, DATA))
                .isEqualTo(sealed);
        assertThat(HandshakeAead.XCHACHA20_POLY1305.open(KEY, nonce, sealed, DATA))
                .hasValue(SUNSCREEN);
    }

    @Test
    void refusesOtherAssociatedData() {
        HandshakeAead aead = HandshakeAead.CHACHA20_POLY1305;
        byte[] sealed = aead.seal(KEY, aead.zeroNonce(), SUNSCREEN, DATA);

        assertThat(aead.open(KEY, aead.zeroNonce(), sealed, new byte[12])).isEmpty();
    }

    @Test
    void refusesWhatIsShorterThanATag() {
        HandshakeAead aead = HandshakeAead.CHACHA20_POLY1305;

        assertThat(aead.open(KEY, aead.zeroNonce(), new byte[15], DATA)).isEmpty();
    }
}
