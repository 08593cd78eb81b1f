// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.PrivateKey;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Tries to make a gateway believe what its peer did not say. */
class ProbeMessageTest {
    private static final Random RANDOM = new Random(7);
    private static final PrivateKey GENOA = PrivateKey.generate(RANDOM);
    private static final PrivateKey LISBON = PrivateKey.generate(RANDOM);
    private static final PrivateKey STRANGER = PrivateKey.generate(RANDOM);

    private final ProbeKey ofGenoa = ProbeKey.between(GENOA, LISBON.publicKey()).orElseThrow();
    private final ProbeKey ofLisbon =
            ProbeKey.between(LISBON, GENOA.publicKey()).orElseThrow();

    @Property(tries = 100)
    void arrivesAsItWasSent(
            @ForAll ProbeMessage.Kind kind,
            @ForAll long nonce,
            @ForAll long sequence,
            @ForAll long sent,
            @ForAll @IntRange(min = 1, max = 65_535) int size) {
        ProbeMessage message = new ProbeMessage(kind, nonce, sequence, sent, kind.asksForSize() ? size : 0);

        assertThat(ProbeMessage.opened(message.sealed(ofGenoa), ofLisbon)).contains(message);
    }

    @Property(tries = 300)
    void doesNotOpenWithAnyBitChanged(@ForAll @IntRange(max = ProbeMessage.LENGTH * 8 - 1) int bit) {
        byte[] bytes = new ProbeMessage(ProbeMessage.Kind.REPLY, 1, 2, 3).sealed(ofGenoa);
        bytes[bit / 8] ^= (byte) (1 << bit % 8);

        assertThat(ProbeMessage.opened(bytes, ofLisbon)).isEmpty();
    }

    @Property(tries = 300)
    void doesNotOpenAnythingElse(@ForAll @Size(max = 64) byte[] bytes) {
        assertThat(ProbeMessage.opened(bytes, ofLisbon)).isEmpty();
    }

    @Example
    void letsOnlyARequestOfASizeBeLonger() {
        byte[] asked = new ProbeMessage(ProbeMessage.Kind.SIZE_REQUEST, 1, 2, 3, 1420).sealed(ofGenoa);
        byte[] other = new ProbeMessage(ProbeMessage.Kind.REQUEST, 1, 2, 3).sealed(ofGenoa);

        assertThat(ProbeMessage.opened(Arrays.copyOf(asked, 1392), ofLisbon)).isPresent();
        assertThat(ProbeMessage.opened(Arrays.copyOf(other, 1392), ofLisbon)).isEmpty();
    }

    @Example
    void doesNotOpenItsOwnWords() {
        byte[] bytes = new ProbeMessage(ProbeMessage.Kind.REPLY, 1, 2, 3).sealed(ofGenoa);

        assertThat(ProbeMessage.opened(bytes, ofGenoa)).isEmpty();
    }

    @Example
    void doesNotOpenAStrangersWords() {
        ProbeKey ofStranger = ProbeKey.between(STRANGER, LISBON.publicKey()).orElseThrow();

        byte[] bytes = new ProbeMessage(ProbeMessage.Kind.REPLY, 1, 2, 3).sealed(ofStranger);

        assertThat(ProbeMessage.opened(bytes, ofLisbon)).isEmpty();
    }
}
