// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.ip;

import dev.hawser.cli.terminal.Table;
import dev.hawser.controller.explain.Fill;
import dev.hawser.controller.plan.ClusterObjects;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@code hawser ip top} prints. Counts are texts, for IPv6 has more addresses than most programs have numbers.
 *
 * @param schema version of this form
 */
public record TopReport(String schema, String cluster, List<Row> ranges) {
    /** The version that this program writes. */
    public static final String SCHEMA = "hawser.ip-top/v1";

    /** Up to here counts are written out for people. */
    private static final int READABLE_BITS = 33;

    public TopReport {
        ranges = List.copyOf(ranges);
    }

    /** One range; what its counts mean stands at {@link Fill}. */
    public record Row(
            String object,
            String range,
            String family,
            String total,
            String used,
            String intents,
            String cooling,
            String reserved,
            String free,
            @Nullable Integer largestFreeLength,
            BigDecimal percent) {}

    /** How full the ranges of a cluster are. */
    public static TopReport of(ClusterObjects objects, Function<ClusterObjects, List<Fill>> count) {
        return new TopReport(
                SCHEMA,
                objects.own().clusterID(),
                count.apply(objects).stream().map(TopReport::row).toList());
    }

    private static Row row(Fill fill) {
        return new Row(
                fill.object(),
                fill.range().toString(),
                FamilyNames.of(fill.range().family()),
                fill.total().toString(),
                fill.used().toString(),
                fill.intents().toString(),
                fill.cooling().toString(),
                fill.reserved().toString(),
                fill.free().toString(),
                fill.largestFreeLength().isPresent() ? fill.largestFreeLength().getAsInt() : null,
                fill.percent());
    }

    /** The report for people. */
    public String text() {
        Table table = Table.of(
                "GRANTED BY", "RANGE", "TOTAL", "USED", "INTENTS", "COOLING", "RESERVED", "FREE", "LARGEST", "TAKEN");
        for (Row row : ranges) {
            table.row(
                    row.object(),
                    row.range(),
                    shortened(row.total()),
                    shortened(row.used()),
                    shortened(row.intents()),
                    shortened(row.cooling()),
                    shortened(row.reserved()),
                    shortened(row.free()),
                    row.largestFreeLength() == null ? "-" : "/" + row.largestFreeLength(),
                    row.percent() + " %");
        }
        return table.toString();
    }

    private static String shortened(String count) {
        return new BigInteger(count).bitLength() <= READABLE_BITS
                ? count
                : String.format(java.util.Locale.ROOT, "%.2e", new BigDecimal(count).round(new MathContext(3)));
    }
}
