// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import java.util.ArrayList;
import java.util.List;

/** How a value has moved over time: the straight line that fits best. For one thread. */
final class Trend {
    private record Point(double minutes, double value) {}

    private final List<Point> points = new ArrayList<>();

    void add(double minutes, double value) {
        points.add(new Point(minutes, value));
    }

    /** The slope of the line, in a minute. */
    double perMinute() {
        double middle = points.stream().mapToDouble(Point::minutes).average().orElseThrow();
        double mean = points.stream().mapToDouble(Point::value).average().orElseThrow();
        double rise = points.stream()
                .mapToDouble(point -> (point.minutes - middle) * (point.value - mean))
                .sum();
        double run = points.stream()
                .mapToDouble(point -> Math.pow(point.minutes - middle, 2))
                .sum();
        return run == 0 ? 0 : rise / run;
    }

    /** By how much the line rises over all that was seen. */
    double rise() {
        return perMinute() * (points.getLast().minutes - points.getFirst().minutes);
    }

    double last() {
        return points.getLast().value;
    }
}
