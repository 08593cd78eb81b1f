// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.cli.demo.DemoFolder;
import dev.hawser.cli.terminal.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
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
            List<Check> checks = checks(demo).stream()
                    .filter(check -> wanted.test(check.name()))
                    .toList();
            Map<String, FutureTask<CheckReport.Result>> begun = new HashMap<>();
            for (Check check : checks) {
                if (check.beside() && begun.isEmpty()) {
                    begun.putAll(begin(checks));
                }
                FutureTask<CheckReport.Result> beside = begun.get(check.name());
                CheckReport.Result result = beside == null ? run(check) : beside.get();
                progress.say((result.passed() ? "ok      " : "FAILED  ") + result.name() + ": " + result.detail());
                results.add(result);
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a check ended without a result", e);
        }
        return new CheckReport(results);
    }

    private static Map<String, FutureTask<CheckReport.Result>> begin(List<Check> checks) {
        Map<String, FutureTask<CheckReport.Result>> begun = new HashMap<>();
        for (Check check : checks) {
            if (check.beside()) {
                FutureTask<CheckReport.Result> task = new FutureTask<>(() -> run(check));
                Thread.ofPlatform().daemon().name("demo-" + check.name()).start(task);
                begun.put(check.name(), task);
            }
        }
        return begun;
    }

    private static List<Check> checks(RunningDemo demo) {
        return Stream.of(
                        new ObjectChecks(demo).all(),
                        Direction.both(demo).flatMap(direction -> new ApiChecks(demo, direction).all()),
                        Direction.both(demo).flatMap(direction -> new TrafficChecks(demo, direction).inTurn()),
                        Direction.both(demo).map(direction -> new TrafficChecks(demo, direction).steady()),
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
