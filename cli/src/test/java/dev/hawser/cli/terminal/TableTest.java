// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void alignsColumnsByTheirLongestCell() {
        Table table = Table.of("PEER", "READY").row("genoa", "True").row("3rd-lisbon", "False");

        assertThat(table.toString().lines())
                .containsExactly("PEER         READY", "genoa        True", "3rd-lisbon   False");
    }

    @Test
    void rejectsARowThatDoesNotFitTheHeads() {
        Table table = Table.of("PEER", "READY");

        assertThatThrownBy(() -> table.row("genoa")).hasMessage("1 cells for 2 columns");
    }
}
