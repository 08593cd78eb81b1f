// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.cli.demo.check.CheckReport.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckReportTest {
    @Test
    void namesTheCheckThatFailed() {
        CheckReport report = new CheckReport(List.of(
                new Result("ping[a->b]", true, "10.71.1.5 answers", 0.5),
                new Result("udp[a->b]", false, "9000 of 10000 arrived\nand a second line", 5)));

        assertThat(report.passed()).isFalse();
        assertThat(report.table())
                .contains("FAILED   udp[a->b]    5.0       9000 of 10000 arrived")
                .endsWith("1 of 2 checks held");
    }
}
