// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Samples in the Prometheus text format. */
final class Metrics {
    private static final Pattern LINE = Pattern.compile("^(\\w+)(\\{[^}]*\\})? (\\S+)$");

    private final List<Sample> samples;

    private record Sample(String name, String labels, double value) {}

    private Metrics(List<Sample> samples) {
        this.samples = samples;
    }

    static Metrics parse(String text) {
        List<Sample> samples = new ArrayList<>();
        text.lines().map(String::strip).filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                String labels = matcher.group(2) == null ? "" : matcher.group(2);
                samples.add(new Sample(matcher.group(1), labels, Double.parseDouble(matcher.group(3))));
            }
        });
        return new Metrics(samples);
    }

    /** The sum over all samples of a name that carry the label; a name that is missing altogether is a failure. */
    long sum(String name, String label, String value) {
        CheckFailedException.unless(
                samples.stream().anyMatch(sample -> sample.name().equals(name)), "there is no metric " + name);
        String wanted = label + "=\"" + value + "\"";
        return Math.round(samples.stream()
                .filter(sample -> sample.name().equals(name))
                .filter(sample -> sample.labels().contains(wanted))
                .mapToDouble(Sample::value)
                .sum());
    }
}
