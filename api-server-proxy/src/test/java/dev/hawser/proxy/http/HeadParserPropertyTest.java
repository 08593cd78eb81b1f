// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.proxy.http.HeadParser.Progress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class HeadParserPropertyTest {
    private record Reading(Progress progress, int taken) {}

    private static Reading read(String text) {
        HeadParser parser = new HeadParser(HeadLimits.DEFAULT);
        Progress progress = HeadParser.MORE;
        int taken = 0;
        for (byte next : text.getBytes(StandardCharsets.ISO_8859_1)) {
            progress = parser.push(next);
            taken++;
            if (!(progress instanceof Progress.More)) {
                break;
            }
        }
        return new Reading(progress, taken);
    }

    /** Pieces from which heads, nearly heads and rubbish are put together. */
    @Provide
    Arbitrary<List<String>> pieces() {
        return Arbitraries.of(
                        "CONNECT",
                        "GET",
                        " ",
                        "  ",
                        "\t",
                        "a",
                        "10.0.0.1",
                        "[fd00::1]",
                        ":",
                        "443",
                        "HTTP/1.1",
                        "HTTP/1.0",
                        "HTTP/2.0",
                        "\r\n",
                        "\r",
                        "\n",
                        "Host",
                        "Host: a\r\n",
                        "Content-Length: 1\r\n",
                        "\0",
                        "\u00ff",
                        "CONNECT a:1 HTTP/1.1\r\n",
                        "X: y\r\n",
                        "\r\n\r\n",
                        ".",
                        "@",
                        "/")
                .list()
                .ofMaxSize(24);
    }

    @Property
    void decidesAtTheSameByteWhateverFollows(@ForAll("pieces") List<String> pieces, @ForAll byte[] rest) {
        String text = String.join("", pieces);
        Reading alone = read(text);

        Reading followed = read(text + new String(rest, StandardCharsets.ISO_8859_1));

        if (!(alone.progress() instanceof Progress.More)) {
            assertThat(followed).isEqualTo(alone);
        } else {
            assertThat(followed.taken()).isGreaterThanOrEqualTo(alone.taken());
        }
    }

    @Property
    void acceptsNothingButAHeadThatEndsInAnEmptyLine(@ForAll("pieces") List<String> pieces) {
        String text = String.join("", pieces);

        Reading reading = read(text);

        if (reading.progress() instanceof Progress.Complete(ConnectRequest request)) {
            String head = text.substring(0, reading.taken());
            assertThat(head).startsWith("CONNECT ").endsWith("\r\n\r\n");
            assertThat(Authority.parse(request.target().toString())).contains(request.target());
        }
    }

    @Property
    void neverAnswersWithBytesOfTheClient(@ForAll("pieces") List<String> pieces, @ForAll byte[] noise) {
        String text = String.join("", pieces) + new String(noise, StandardCharsets.ISO_8859_1);

        if (read(text).progress() instanceof Progress.Refused(Refusal refusal)) {
            assertThat(refusal.response()).matches("(?s)HTTP/1\\.1 [45]\\d\\d [ -~]+\r\n.*\r\n\r\n[ -~]+\\.\n");
            assertThat(refusal.sentence()).doesNotContain("fd00", "\r", "\n");
        }
    }
}
