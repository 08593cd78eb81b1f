// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The figures of a run for a terminal. */
public final class TextTable {
    private static final List<String> HEADS =
            List.of("METRIC", "VARIANT", "VALUE", "UNIT", "BASELINE", "RATIO", "ROUNDS");

    private TextTable() {}

    /** A row for each figure, in columns. */
    public static String of(List<Figure> figures) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADS);
        for (Figure figure : figures) {
            rows.add(List.of(
                    figure.metric(),
                    figure.variant(),
                    String.valueOf(figure.value()),
                    figure.unit(),
                    shown(figure.baseline()),
                    shown(figure.ratio()),
                    String.valueOf(figure.rounds())));
        }
        return rows.stream().map(row -> line(row, rows)).collect(Collectors.joining("\n"));
    }

    private static String shown(@Nullable Double value) {
        return value == null ? "-" : String.valueOf(value);
    }

    private static String line(List<String> row, List<List<String>> rows) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            int at = column;
            int width = rows.stream()
                    .mapToInt(other -> other.get(at).length())
                    .max()
                    .orElse(0);
            line.append(row.get(column))
                    .append(" ".repeat(width - row.get(column).length() + 2));
        }
        return line.toString().stripTrailing();
    }
}
