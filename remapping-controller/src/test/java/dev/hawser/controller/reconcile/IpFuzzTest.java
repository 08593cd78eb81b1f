// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hawser.controller.plan.Target;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The address that a person writes into an IP is read exactly, or the IP is told why not. */
class IpFuzzTest {
    @FuzzTest(maxDuration = "1m")
    void readsTheTargetOfAnIpExactlyOrTellsWhyNot(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);

        switch (Targets.parsed("spec.ip", List.of(text))) {
            case Target.Found(List<IpAddress> addresses) -> {
                assertThat(addresses).containsExactly(IpAddress.parse(text));
                if (text.indexOf(':') < 0) {
                    assertThat(addresses.getFirst()).hasToString(text);
                }
            }
            case Target.Absent(String reason, String message) -> {
                assertThat(reason).isEqualTo("Unreadable");
                assertThat(message).startsWith("spec.ip: ").hasSizeLessThan(1_000);
                assertThat(isRead(text)).isFalse();
            }
        }
    }

    private static boolean isRead(String text) {
        try {
            IpAddress.parse(text);
            return true;
        } catch (AddressException refused) {
            return false;
        }
    }
}
