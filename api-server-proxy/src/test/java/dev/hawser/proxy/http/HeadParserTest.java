// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.proxy.http.HeadParser.Progress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeadParserTest {
    private static final String HOST = "Host: kubernetes.default.svc:443\r\n";

    private static Progress parse(String head) {
        return parse(head, HeadLimits.DEFAULT);
    }

    private static Progress parse(String head, HeadLimits limits) {
        HeadParser parser = new HeadParser(limits);
        Progress progress = HeadParser.MORE;
        for (byte next : head.getBytes(StandardCharsets.ISO_8859_1)) {
            progress = parser.push(next);
            if (!(progress instanceof Progress.More)) {
                break;
            }
        }
        return progress;
    }

    private static Status refused(Progress progress) {
        assertThat(progress).isInstanceOf(Progress.Refused.class);
        return ((Progress.Refused) progress).refusal().status();
    }

    private static String accepted(Progress progress) {
        assertThat(progress).isInstanceOf(Progress.Complete.class);
        return ((Progress.Complete) progress).request().target().toString();
    }

    @ParameterizedTest
    @CsvSource({
        "kubernetes.default.svc:443,kubernetes.default.svc:443",
        "Kubernetes.Default.SVC:443,kubernetes.default.svc:443",
        "kubernetes.default.svc.:443,kubernetes.default.svc:443",
        "10.95.0.1:443,10.95.0.1:443",
        "[FD00::1]:6443,[fd00::1]:6443",
        "[fd00:0:0::1]:6443,[fd00::1]:6443",
        "_a-b.c_d:1,_a-b.c_d:1",
        "a:65535,a:65535",
    })
    void acceptsTargetAndPutsItIntoCanonicalForm(String target, String canonical) {
        assertThat(accepted(parse("CONNECT " + target + " HTTP/1.1\r\n" + HOST + "\r\n")))
                .isEqualTo(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes.default.svc",
                "kubernetes.default.svc:",
                ":443",
                "a:0",
                "a:00443",
                "a:65536",
                "a:+443",
                "a:-1",
                "a:443:443",
                "a:4e2",
                "http://a:443",
                "a:443/",
                "/",
                "*",
                "user@a:443",
                "a%2e:443",
                "a..b:443",
                ".a:443",
                "-a:443",
                "a-:443",
                "10.1:443",
                "0x7f.1:443",
                "010.0.0.1:443",
                "10.0.0.256:443",
                "2130706433:443",
                "fd00::1:443",
                "[fd00::1]",
                "[fd00::1%eth0]:443",
                "[10.0.0.1]:443",
                "[]:443",
                "[a]:443",
                "[fd00::1]x:443",
                "[fd00::1:443",
                "a,b:443",
                "a;b:443",
                "a\\b:443"
            })
    void rejectsWhatIsNoAuthority(String target) {
        assertThat(refused(parse("CONNECT " + target + " HTTP/1.1\r\n" + HOST + "\r\n")))
                .isEqualTo(Status.BAD_REQUEST);
    }

    @Test
    void rejectsLabelsAndNamesLongerThanDnsAllows() {
        assertThat(accepted(parse("CONNECT " + "a".repeat(63) + ":1 HTTP/1.0\r\n\r\n")))
                .startsWith("aaa");
        assertThat(refused(parse("CONNECT " + "a".repeat(64) + ":1 HTTP/1.0\r\n")))
                .isEqualTo(Status.BAD_REQUEST);
        assertThat(refused(parse("CONNECT " + "a.".repeat(127) + "a:1 HTTP/1.0\r\n")))
                .isEqualTo(Status.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\r\n",
                "\n",
                "CONNECT\r\n",
                "CONNECT a:1\r\n",
                "CONNECT  a:1 HTTP/1.1\r\n",
                "CONNECT a:1  HTTP/1.1\r\n",
                " CONNECT a:1 HTTP/1.1\r\n",
                "CONNECT a:1 HTTP/1.1 \r\n",
                "CONNECT\ta:1 HTTP/1.1\r\n",
                "CONNECT a:1 HTTP/1\r\n",
                "CONNECT a:1 http/1.1\r\n",
                "CONNECT a:1 HTTP/1.10\r\n",
                "CONNECT a:1 HTTP/11\r\n",
                "CON(NECT a:1 HTTP/1.1\r\n",
                "CONNECT a:1 HTTP/1.1\n",
                "CONNECT a:1 HTTP/1.1\r\r\n",
                "CONNECT a:1 HTTP/1.1\rX",
                "CONNECT a:1\0 HTTP/1.1\r\n",
                "CONNECT a:1 HTTP/1.1\u00a0\r\n",
                "\u0016\u0003\u0001\u0002",
                "\0",
                "\u0080",
                "CONNECT \u00e4:1 HTTP/1.1\r\n"
            })
    void rejectsMalformedRequestLine(String line) {
        assertThat(refused(parse(line))).isEqualTo(Status.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1", "connect a:1 HTTP/1.1", "POST a:1 HTTP/1.0", "OPTIONS * HTTP/1.1"})
    void knowsNoOtherMethod(String line) {
        assertThat(refused(parse(line + "\r\n"))).isEqualTo(Status.METHOD_NOT_ALLOWED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRI * HTTP/2.0", "CONNECT a:1 HTTP/2.0", "CONNECT a:1 HTTP/0.9"})
    void knowsNoOtherVersion(String line) {
        assertThat(refused(parse(line + "\r\n"))).isEqualTo(Status.VERSION_NOT_SUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host : a",
                "Ho st: a",
                ": a",
                "Host",
                " Host: a",
                "\tHost: a",
                "X: a\r\n folded",
                "X: a\0b",
                "X: a\u007fb",
                "X: a\u0001b",
                "Transfer-Encoding: chunked",
                "transfer-encoding: identity",
                "Content-Length: 5",
                "Content-Length: 00",
                "Content-Length: 0, 0",
                "Content-Length:",
                "Host: a\r\nHost: a",
                "Host: a b",
                "Host:",
                "Host: a/b",
                "Host: a@b",
                "X\u00e4: a",
                "X: a\n",
                "X: a\rb"
            })
    void rejectsMalformedField(String field) {
        assertThat(refused(parse("CONNECT a:1 HTTP/1.1\r\n" + field + "\r\n\r\n")))
                .isEqualTo(Status.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Proxy-Authorization: Basic dG9rOnMzY3JldA==",
                "X:",
                "X:a",
                "X: \t a \t ",
                "X: \u00e4\u0085",
                "Content-Length: 0",
                "Proxy-Connection: Keep-Alive",
                "X: a: b"
            })
    void takesNoOffenceAtOtherFields(String field) {
        assertThat(accepted(parse("CONNECT a:1 HTTP/1.1\r\n" + HOST + field + "\r\n\r\n")))
                .isEqualTo("a:1");
    }

    @Test
    void demandsHostFromHttp11Only() {
        assertThat(refused(parse("CONNECT a:1 HTTP/1.1\r\n\r\n"))).isEqualTo(Status.BAD_REQUEST);
        assertThat(accepted(parse("CONNECT a:1 HTTP/1.0\r\n\r\n"))).isEqualTo("a:1");
    }

    @Test
    void goesByTheTargetWhateverHostSays() {
        assertThat(accepted(parse("CONNECT a:1 HTTP/1.1\r\nHost: b:2\r\n\r\n"))).isEqualTo("a:1");
    }

    @Test
    void limitsRequestLineHeadAndNumberOfFields() {
        HeadLimits limits = new HeadLimits(100, 30, 3);
        String line = "CONNECT a:1 HTTP/1.0\r\n";

        assertThat(refused(parse("CONNECT " + "a".repeat(60), limits))).isEqualTo(Status.URI_TOO_LONG);
        assertThat(refused(parse(line + "X: " + "a".repeat(100), limits))).isEqualTo(Status.HEAD_TOO_LARGE);
        assertThat(refused(parse(line + "X: a\r\n".repeat(4), limits))).isEqualTo(Status.HEAD_TOO_LARGE);
        assertThat(accepted(parse(line + "X: a\r\n".repeat(3) + "\r\n", limits)))
                .isEqualTo("a:1");
    }

    @Test
    void countsTheLastByteOfTheHeadAndNoMore() {
        String head = "CONNECT a:1 HTTP/1.0\r\n\r\n";

        assertThat(accepted(parse(head, new HeadLimits(head.length(), 30, 3)))).isEqualTo("a:1");
        assertThat(refused(parse(head, new HeadLimits(head.length() - 1, 30, 3))))
                .isEqualTo(Status.HEAD_TOO_LARGE);
    }

    @Test
    void takesNoByteBehindTheHead() {
        HeadParser parser = new HeadParser(HeadLimits.DEFAULT);
        for (byte next : "CONNECT a:1 HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII)) {
            assertThat(parser.push(next)).isNotInstanceOf(Progress.Refused.class);
        }

        assertThatThrownBy(() -> parser.push((byte) 'x')).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void readsTheWorstHeadInLinearTime() {
        String blanks = "X:" + " ".repeat(7000) + "a" + "\t ".repeat(500) + "b\r\n";

        long begin = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            parse("CONNECT a:1 HTTP/1.0\r\n" + blanks + "\r\n", new HeadLimits(9000, 100, 3));
        }

        // 100 heads of 8 KiB: some 10 ms. A quadratic reader takes minutes.
        assertThat(System.nanoTime() - begin).isLessThan(5_000_000_000L);
    }
}
