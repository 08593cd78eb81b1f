// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class PrefaceTest {
    private static int taken(Preface preface, String text) {
        int taken = 0;
        for (byte next : text.getBytes(StandardCharsets.US_ASCII)) {
            if (preface.complete() || !preface.push(next)) {
                break;
            }
            taken++;
        }
        return taken;
    }

    @Test
    void knowsAnHttp2ClientByAllOfItsPreface() {
        Preface preface = new Preface();

        assertThat(taken(preface, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nmore")).isEqualTo(24);
        assertThat(preface.complete()).isTrue();
    }

    @Test
    void givesBackWhatOnlyBeganLikeIt() {
        Preface preface = new Preface();

        assertThat(taken(preface, "PRINT / HTTP/1.1")).isEqualTo(3);
        assertThat(preface.complete()).isFalse();
        assertThat(preface.seen()).asString().isEqualTo("PRI");
        assertThat(taken(new Preface(), "CONNECT")).isZero();
    }
}
