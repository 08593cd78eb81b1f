// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.http.ConnectRequest;
import dev.hawser.proxy.http.HeadLimits;
import dev.hawser.proxy.http.HeadParser;
import dev.hawser.proxy.http.HeadParser.Progress;
import dev.hawser.proxy.target.Targets;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * Whole connections to a real proxy with an echo behind it: the input is what a client sends before its last word. Runs its
 * corpus in every build; with JAZZER_FUZZ=1 it looks for more.
 */
class ConnectionFuzzTest {
    private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private static Rig rig;

    @BeforeAll
    static void start() throws IOException {
        rig = new Rig(Transport.best(), Rig::echo);
    }

    @AfterAll
    static void stop() throws IOException {
        rig.close();
    }

    @FuzzTest(maxDuration = "10m")
    void answersLikeTheParserSaysAndDeliversTheRest(byte[] input) throws Exception {
        byte @Nullable [] answer;
        try (Socket client = rig.client()) {
            int cut = input.length == 0 ? 0 : (input[0] & 0xff) % input.length;
            client.getOutputStream().write(input, 0, cut);
            client.getOutputStream().write(input, cut, input.length - cut);
            client.shutdownOutput();
            answer = client.getInputStream().readAllBytes();
        } catch (SocketException reset) {
            // So much was sent behind a refused head that lingering had an end.
            answer = null;
        }
        check(input, answer);
        for (int i = 0; rig.admission.tunnels() > 0; i++) {
            if (i > 2_000_000) {
                throw new IllegalStateException(rig.admission.tunnels() + " places are never given back");
            }
            Thread.onSpinWait();
        }
    }

    private static void check(byte[] input, byte @Nullable [] answer) {
        boolean http2 =
                input.length >= PREFACE.length && Arrays.equals(input, 0, PREFACE.length, PREFACE, 0, PREFACE.length);
        if (answer == null || http2) {
            return;
        }
        HeadParser parser = new HeadParser(HeadLimits.DEFAULT);
        Progress progress = HeadParser.MORE;
        int taken = 0;
        while (taken < input.length && progress instanceof Progress.More) {
            progress = parser.push(input[taken]);
            taken++;
        }
        String expected = switch (progress) {
            case Progress.More _ -> "";
            case Progress.Refused(var refusal) -> refusal.response();
            case Progress.Complete(ConnectRequest request) ->
                allowed(request)
                        ? ConnectRequest.ESTABLISHED
                                + new String(input, taken, input.length - taken, StandardCharsets.ISO_8859_1)
                        : Targets.REFUSED.response();
        };
        String got = new String(answer, StandardCharsets.ISO_8859_1);
        if (!got.equals(expected)) {
            throw new IllegalStateException("answered " + got + " instead of " + expected);
        }
    }

    private static boolean allowed(ConnectRequest request) {
        return Targets.apiServer(IpAddress.parse("127.0.0.1"), rig.target.getLocalPort())
                .find(request.target())
                .isPresent();
    }
}
