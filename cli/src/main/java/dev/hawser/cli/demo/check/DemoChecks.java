// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.cli.demo.DemoFolder;
import dev.hawser.cli.terminal.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** All checks of the demo, in the order in which a person would ask. */
public final class DemoChecks {
    private DemoChecks() {}

    /**
     * Runs checks, each whatever the ones before it showed.
     *
     * @param wanted which of them, by name
     */
    public static CheckReport run(DemoFolder folder, Progress progress, Predicate<String> wanted)
            throws InterruptedException {
        List<CheckReport.Result> results = new ArrayList<>();
        try (RunningDemo demo = new RunningDemo(folder)) {
            for (Check check : checks(demo)) {
                if (!wanted.test(check.name())) {
                    continue;
                }
                CheckReport.Result result = run(check);
                progress.say((result.passed() ? "ok      " : "FAILED  ") + result.name() + ": " + result.detail());
                results.add(result);
            }
        }
        return new CheckReport(results);
    }

    private static List<Check> checks(RunningDemo demo) {
        return Stream.of(
                        new ObjectChecks(demo).all(),
                        Direction.both(demo).flatMap(direction -> new ApiChecks(demo, direction).all()),
                        Direction.both(demo).flatMap(direction -> new TrafficChecks(demo, direction).all()),
                        new WireChecks(demo).all())
                .flatMap(checks -> checks)
                .toList();
    }

    private static CheckReport.Result run(Check check) throws InterruptedException {
        long start = System.nanoTime();
        try {
            String seen = check.body().call();
            return new CheckReport.Result(check.name(), true, seen, seconds(start));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            return new CheckReport.Result(check.name(), false, message, seconds(start));
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
