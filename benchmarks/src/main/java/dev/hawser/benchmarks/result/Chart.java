// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A picture of figures with one unit, as SVG: a bar for each variant from nothing to its median, with a line from the
 * smallest value to the largest, grouped by metric. Legible on light and dark pages.
 *
 * @param unit of all values
 * @param bars those of a metric together, in the order from top to bottom
 */
public record Chart(String unit, List<Spread> bars) {
    private static final int WIDTH = 760;
    private static final int LEFT = 120;
    private static final int RIGHT = 110;
    private static final int BAR = 16;
    private static final int STEP = 22;
    private static final int HEAD = 30;
    private static final int BOTTOM = 12;
    /** What the pictures of the units that benches know are called, as part of a file name. */
    private static final Map<String, String> NAMES = Map.of(
            "Gbit/s", "throughput", "s/Gbit", "cpu", "1/s", "packets", "us", "latency", "MB", "memory", "s", "start");

    private static final String STYLE = """
            text { font: 12px sans-serif; fill: #24292f }
            .head { font-weight: bold }
            .value { font-size: 11px }
            .ours { fill: #2f6f9f } .theirs { fill: #b0712b } .none { fill: #8c959f }
            .spread { stroke: #24292f; stroke-width: 1.5 }
            @media (prefers-color-scheme: dark) {
              text { fill: #e6edf3 } .spread { stroke: #e6edf3 }
              .ours { fill: #58a6d6 } .theirs { fill: #d39a55 } .none { fill: #6e7681 }
            }
            """;

    public Chart {
        bars = List.copyOf(bars);
    }

    /** The charts of a run: one for each unit whose values are sizes, in the order of the metrics. */
    public static List<Chart> of(List<Spread> spreads) {
        Map<String, List<Spread>> byUnit = new LinkedHashMap<>();
        for (Spread spread : spreads) {
            if (NAMES.containsKey(spread.metric().unit())) {
                byUnit.computeIfAbsent(spread.metric().unit(), unit -> new ArrayList<>())
                        .add(spread);
            }
        }
        return byUnit.entrySet().stream()
                .map(group -> new Chart(group.getKey(), group.getValue()))
                .toList();
    }

    /** What it shows, in a word. */
    public String name() {
        return NAMES.getOrDefault(unit, "other");
    }

    /**
     * The picture.
     *
     * @param baseline the variant that others are compared with, in a colour of its own
     * @param bare the variant that does nothing of what is measured
     */
    public String svg(String baseline, String bare) {
        StringBuilder body = new StringBuilder();
        int y = 0;
        String group = "";
        double greatest = scale(bare);
        for (Spread bar : bars) {
            if (!bar.metric().name().equals(group)) {
                group = bar.metric().name();
                y += HEAD;
                body.append("<text class=\"head\" x=\"4\" y=\"%d\">%s: %s, %s</text>\n"
                        .formatted(y - 8, group, escaped(bar.metric().meaning()), escaped(unit)));
            }
            String colour =
                    bar.variant().equals(baseline) ? "theirs" : bar.variant().equals(bare) ? "none" : "ours";
            body.append(bar(bar, y, greatest, colour));
            y += STEP;
        }
        int height = y + BOTTOM;
        return """
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img">
                <style>
                %3$s</style>
                %4$s</svg>
                """.formatted(WIDTH, height, STYLE, body);
    }

    /** What has no tunnel is so much faster that its bars may end at the edge. */
    private double scale(String bare) {
        double tunnels = bars.stream()
                .filter(bar -> !bar.variant().equals(bare))
                .mapToDouble(Spread::greatest)
                .max()
                .orElse(0);
        return tunnels > 0
                ? tunnels
                : bars.stream().mapToDouble(Spread::greatest).max().orElse(1);
    }

    private static String bar(Spread bar, int y, double greatest, String colour) {
        double width = WIDTH - LEFT - RIGHT;
        double end = Math.min(width, bar.median() / greatest * width);
        boolean cut = bar.median() > greatest;
        String spread = cut
                ? ""
                : String.format(
                        Locale.ROOT,
                        "<line class=\"spread\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>\n",
                        LEFT + bar.least() / greatest * width,
                        LEFT + Math.min(width, bar.greatest() / greatest * width),
                        y + BAR / 2,
                        y + BAR / 2);
        double label = LEFT + Math.max(end, cut ? width : Math.min(width, bar.greatest() / greatest * width)) + 6;
        return String.format(
                Locale.ROOT,
                """
                <text x="%d" y="%d" text-anchor="end">%s</text>
                <rect class="%s" x="%d" y="%d" width="%.1f" height="%d"/>
                %s<text class="value" x="%.1f" y="%d">%s%s</text>
                """,
                LEFT - 6,
                y + BAR - 4,
                escaped(bar.variant()),
                colour,
                LEFT,
                y,
                end,
                BAR,
                spread,
                label,
                y + BAR - 4,
                cut ? "→ " : "",
                number(bar.median()));
    }

    private static String number(double value) {
        return value >= 1000 ? String.format(Locale.ROOT, "%,.0f", value) : String.format(Locale.ROOT, "%.3g", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
