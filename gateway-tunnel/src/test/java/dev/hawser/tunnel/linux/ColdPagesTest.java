// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.linux.ColdPages.Mapping;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColdPagesTest {
    @Test
    void choosesWhatCannotBeWrittenAndNobodyChanged() {
        assertThat(ColdPages.droppable(mapping("8019d7000-803a40000 r--p 019d7000 fe:00 7 /opt/hawser/gateway.aot", 0)))
                .containsExactly(new Mapping(0x8_019d_7000L, 0x206_9000));
    }

    @Test
    void leavesWhatHasPagesOfItsOwn() {
        assertThat(ColdPages.droppable(mapping("8019d7000-803a40000 r--p 0 fe:00 7 /opt/hawser/gateway.aot", 4)))
                .isEmpty();
    }

    @Test
    void leavesWhatCanBeWrittenAndWhatMayBeUnmappedAnyMoment() {
        assertThat(ColdPages.droppable(mapping("800001000-8019d7000 rw-p 0 fe:00 7 /opt/hawser/gateway.aot", 0)))
                .isEmpty();
        assertThat(ColdPages.droppable(mapping("7f70-7f80 r--p 0 00:00 0 [vvar]", 0)))
                .isEmpty();
        assertThat(ColdPages.droppable(mapping("7f70-7f80 r--p 0 00:00 0", 0))).isEmpty();
        assertThat(ColdPages.droppable(mapping("7f70-7f80 r--p 0 fe:00 3 /etc/ld.so.cache", 0)))
                .isEmpty();
    }

    @Test
    void choosesProgramsAndWhatIsShared() {
        assertThat(ColdPages.droppable(mapping("7f30-7f40 r-xp 0 fe:00 8 /opt/jre/lib/server/libjvm.so", 0)))
                .containsExactly(new Mapping(0x7f30, 0x10));
        assertThat(ColdPages.droppable(mapping("7f30-7f40 r--s 0 fe:00 8 /opt/jre/lib/modules", 0)))
                .containsExactly(new Mapping(0x7f30, 0x10));
    }

    @Test
    void leavesThisProgramRunning() {
        assertThat(ColdPages.release()).isPositive();
        assertThat(ColdPages.release()).isPositive();
    }

    private static List<String> mapping(String head, int own) {
        return List.of(
                "7f00-7f10 r-xp 00000000 fe:00 9 /lib/libc.so.6",
                "Anonymous:         4 kB",
                head,
                "Rss:               33188 kB",
                "Private_Dirty:         8 kB",
                "Anonymous:         " + own + " kB",
                "7f20-7f30 rw-p 00000000 00:00 0 [heap]",
                "Anonymous:        12 kB");
    }
}
