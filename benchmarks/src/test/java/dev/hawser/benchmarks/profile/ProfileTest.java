// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.benchmarks.profile.Profile.Moment;
import dev.hawser.benchmarks.profile.Profile.Room;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProfileTest {
    private static final PerfMap MAP = PerfMap.parse(List.of(
            "0x00007f0000001000 0x100 int dev.hawser.tunnel.path.Bytes.u16(MemorySegment, long)",
            "00007f0000002000 80 StubRoutines (final stubs)",
            "nonsense"));

    @Test
    void tellsWhoseCodeItWas() {
        Profile profile = Profile.parse(
                List.of(
                        " hawser-egress   100/102  ffffffff81a0 _copy_from_iter+0x12 ([kernel.kallsyms])",
                        " hawser-egress   100/102  7f0000001010 [unknown] (/tmp/perf-100.map)",
                        " hawser-egress   100/102  7f0000009999 [unknown] (//anon)",
                        "hawser-ingress   100/103  7f3333333333 EVP_AEAD_CTX_open (/usr/lib/android/libcrypto.so.0)",
                        " C2 CompilerThre 100/104  7f3333333333 Compile::Code (x) (/opt/jre/lib/server/libjvm.so)",
                        "        swapper    0/0    ffffffff8100 default_idle ([kernel.kallsyms])",
                        "        swapper    ",
                        "          javac  800/800  7f00aaaaaaaa memcpy (/lib/libc.so.6)",
                        "         iperf3  900/900  7f00aaaaaaaa memcpy (/lib/libc.so.6)"),
                Set.of(100L),
                Map.of(100L, MAP));

        assertThat(profile.moments())
                .containsExactly(
                        new Moment("hawser-egress", Room.KERNEL, "_copy_from_iter"),
                        new Moment("hawser-egress", Room.JAVA, "int dev.hawser.tunnel.path.Bytes.u16"),
                        new Moment("hawser-egress", Room.JAVA, "code that was gone when the names were written"),
                        new Moment("hawser-ingress", Room.CRYPTO, "EVP_AEAD_CTX_open"),
                        new Moment("C2 CompilerThre", Room.JVM, "Compile::Code (x)"),
                        new Moment("others", Room.OTHER, ""),
                        new Moment("iperf3", Room.OTHER, "memcpy"));
    }

    @Test
    void sumsUpByThreadAndByFunction() {
        Moment kernel = new Moment("hawser-egress", Room.KERNEL, "copy");
        Moment crypto = new Moment("hawser-egress", Room.CRYPTO, "seal");

        String page = new Profile(List.of(kernel, kernel, kernel, crypto)).markdown();

        assertThat(page)
                .contains("| hawser-egress | 75.0 % | 25.0 % | 0.0 % | 0.0 % | 0.0 % | 100.0 % |")
                .contains("| 75.0 % | hawser-egress | `copy` | kernel |");
    }

    @Test
    void findsCodeByAnyAddressInIt() {
        assertThat(MAP.name(0x7f0000001000L)).isPresent();
        assertThat(MAP.name(0x7f00000010ffL)).isPresent();
        assertThat(MAP.name(0x7f0000001100L)).isEmpty();
        assertThat(MAP.name(0x10L)).isEmpty();
    }
}
