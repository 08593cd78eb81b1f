// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.cli.demo.DemoFolder;
import dev.hawser.cli.terminal.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Predicate;

/** Runs the checks of the demo: stage after stage, the lanes of each beside each other. */
public final class DemoChecks {
    private final Progress progress;
    private final Predicate<String> wanted;

    private DemoChecks(Progress progress, Predicate<String> wanted) {
        this.progress = progress;
        this.wanted = wanted;
    }

    /**
     * Runs checks of a demo that is up, each whatever the ones before it showed. The demo stays up.
     *
     * @param wanted which of them, by name
     */
    public static CheckReport run(DemoFolder folder, Progress progress, Predicate<String> wanted)
            throws InterruptedException {
        try (RunningDemo demo = new RunningDemo(folder)) {
            return new DemoChecks(progress, wanted).run(Plan.everything(demo));
        }
    }

    /** Uninstalls Hawser from both clusters and checks that their nodes are as they were before it came. */
    public static CheckReport uninstall(DemoFolder folder, Progress progress) throws InterruptedException {
        try (RunningDemo demo = new RunningDemo(folder)) {
            return new DemoChecks(progress, name -> true).run(List.of(Plan.uninstall(demo)));
        }
    }

    private CheckReport run(List<Stage> stages) throws InterruptedException {
        List<CheckReport.Result> results = new ArrayList<>();
        for (Stage stage : stages) {
            List<FutureTask<List<CheckReport.Result>>> lanes = new ArrayList<>();
            for (List<Check> lane : stage.only(wanted).lanes()) {
                lanes.add(begin(lane));
            }
            for (FutureTask<List<CheckReport.Result>> lane : lanes) {
                results.addAll(resultOf(lane));
            }
        }
        return new CheckReport(results);
    }

    private FutureTask<List<CheckReport.Result>> begin(List<Check> lane) {
        FutureTask<List<CheckReport.Result>> task = new FutureTask<>(() -> {
            List<CheckReport.Result> results = new ArrayList<>();
            for (Check check : lane) {
                CheckReport.Result result = run(check);
                progress.say(result.text());
                results.add(result);
            }
            return results;
        });
        Thread.ofPlatform().daemon().name("demo-" + lane.getFirst().name()).start(task);
        return task;
    }

    private static List<CheckReport.Result> resultOf(FutureTask<List<CheckReport.Result>> lane)
            throws InterruptedException {
        try {
            return lane.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("checks ended without a result", e);
        }
    }

    private static CheckReport.Result run(Check check) throws InterruptedException {
        long start = System.nanoTime();
        try {
            String seen = check.body().call();
            return CheckReport.Result.of(check, true, seen, seconds(start));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            String message = e.getMessage() == null ? e.toString() : e.getMessage();
            return CheckReport.Result.of(check, false, message, seconds(start));
        }
    }

    private static double seconds(long start) {
        return (System.nanoTime() - start) / 1e9;
    }
}
