// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Whatever a client says, every answer is well-formed, the keys are told only to who asks for them properly, and nothing moves but
 * the peer that may.
 */
class UapiFuzzTest {
    private static final Pattern LINE = Pattern.compile("[a-z_]+=[0-9a-f.:/\\[\\]]+");
    private static final Pattern END = Pattern.compile("errno=(0|-1|-22|-95)");
    private static final String SECRET = FixedDevice.hex(FixedDevice.KEY.toBytes());

    @FuzzTest(maxDuration = "10m")
    void answersAnythingByTheLetter(byte[] data) {
        FixedDevice device = FixedDevice.present();
        String request = new String(data, StandardCharsets.ISO_8859_1);

        String answer = device.answer(request);

        assertThat(answer.isEmpty() || answer.endsWith("\n\n")).isTrue();
        for (String one : answer.split("\n\n", 0)) {
            String[] lines = one.split("\n", 0);
            for (int i = 0; i < lines.length && !answer.isEmpty(); i++) {
                assertThat(lines[i]).matches(i == lines.length - 1 ? END : LINE);
            }
        }
        if (!request.contains("get=1\n\n")) {
            assertThat(answer).doesNotContain(SECRET);
        }
        if (!request.contains(FixedDevice.hex(FixedDevice.PORTO.toBytes()))) {
            assertThat(device.moved).isEmpty();
        }
        assertThat(device.moved.keySet()).allMatch(FixedDevice.PORTO::equals);
    }
}
