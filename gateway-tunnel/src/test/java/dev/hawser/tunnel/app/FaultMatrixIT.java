// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.tunnel.engine.PeerStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Does to pairs of gateways what happens in the field, and says what their status said, after how long, and when data flowed
 * again. Each fault has a pair of its own, several at a time; the long form writes the table of docs/faults.md.
 */
@RequiresLab
class FaultMatrixIT {
    private static final long SEED = Long.getLong("hawser.seed", 20_261_121);
    private static final Duration BACK_WITHIN = Duration.ofSeconds(15);
    private static final Duration WATCHED = Duration.ofSeconds(4);
    private static final Path TABLE = Path.of("..", "docs", "faults.md");

    /** The ones with which most can go wrong. */
    private static final List<Fault> SAMPLE = List.of(
            Faults.ofTheWire().get(1),
            Faults.ofThePathMtu().get(1),
            Faults.ofTheProcess().get(0),
            Faults.ofTheConfiguration().get(0),
            Faults.ofTheConfiguration().getLast(),
            Faults.ofTheNode().get(4),
            Faults.ofTheWay().get(2));

    /** What Java opens once and keeps, such as the socket that marks closed channels, is not a gateway's to close. */
    @BeforeAll
    static void openWhatStaysOpen() throws Exception {
        try (FaultPair pair = FaultPair.open("first", SEED, false)) {
            assertThat(pair.remains()).isEmpty();
        }
    }

    @Test
    void noticesAndSurvivesASampleOfFaults() throws Exception {
        check(run(SAMPLE, SAMPLE.size()));
    }

    @Test
    @Tag("long")
    @EnabledIfSystemProperty(named = "hawser.long", matches = "true")
    void noticesAndSurvivesEveryFault() throws Exception {
        List<Fault> all = Stream.of(
                        Faults.ofTheWire(),
                        Faults.ofThePathMtu(),
                        Faults.ofTheWay(),
                        Faults.ofTheProcess(),
                        Faults.ofTheConfiguration(),
                        Faults.ofTheNode())
                .flatMap(Collection::stream)
                .toList();
        List<FaultResult> results = run(all, 3);
        write(results);
        check(results);
        assertThat(results).hasSizeGreaterThanOrEqualTo(20);
    }

    private static void check(List<FaultResult> results) {
        System.out.println("seed " + SEED);
        results.forEach(result -> System.out.println(result.row()));
        assertThat(results)
                .allSatisfy(result -> assertThat(result.failures())
                        .as(result.fault().name() + ", seed " + SEED)
                        .isEmpty());
    }

    private static List<FaultResult> run(List<Fault> faults, int atOnce) throws Exception {
        List<String> files = openFiles();
        List<FaultResult> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            List<Future<FaultResult>> running = faults.stream()
                    .map(fault -> threads.submit((Callable<FaultResult>) () -> run(fault)))
                    .toList();
            for (Future<FaultResult> each : running) {
                results.add(each.get());
            }
        }
        FaultPair.await(
                Duration.ofSeconds(5),
                () -> gatewayThreads().isEmpty() && openFiles().size() <= files.size());
        assertThat(gatewayThreads()).as("threads that outlived their gateways").isEmpty();
        assertThat(openFiles()).as("open files, before: %s", files).hasSizeLessThanOrEqualTo(files.size());
        return results;
    }

    private static FaultResult run(Fault fault) throws Exception {
        try (FaultPair pair = FaultPair.open("matrix", SEED, fault.overIpv6())) {
            return new Trial(fault, pair).run();
        }
    }

    private static List<String> gatewayThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("hawser-"))
                .toList();
    }

    /** What the descriptors of this process stand for; files of the JVM itself, such as jars, left out. */
    private static List<String> openFiles() {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.map(FaultMatrixIT::target)
                    .filter(target -> !target.startsWith("/") || target.startsWith("/dev/net/"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "/";
        }
    }

    private static void write(List<FaultResult> results) throws IOException {
        StringBuilder text = new StringBuilder("""
                # Faults

                Written by `FaultMatrixIT` in its long form; seed %d. Two clusters with the same ranges, a gateway and a pod each, on
                a wire that can be bad. Status is the phase of one side's Connection towards the other, data are UDP datagrams
                in packets of %d bytes (IPv4) and 1280 bytes (IPv6) from pod to pod and back. *Noticed* counts from the fault until the condition Connected
                fails, which it does as well while probes of one family do not return and the phase is Degraded; for losses, until the phase is;
                *back* counts until data flows and the phase is Connected: from the end of the fault, or from its beginning
                where the gateways have to mend it or to live with it. After each trial rules, routes and links of both nodes
                are what they were before, and in the end no thread and no open file is left.

                | fault | status | what it said | noticed after | back after | |
                |---|---|---|---|---|---|
                """.formatted(SEED, GatewayMain.MTU));
        results.forEach(result -> text.append(result.row()).append('\n'));
        Files.writeString(TABLE, text);
    }

    /** One fault done to one pair. */
    private static final class Trial {
        private final Fault fault;
        private final FaultPair pair;
        private final List<PeerStatus.Phase> phases = new ArrayList<>();
        private final List<String> failures = new ArrayList<>();
        private String said = "";
        private Optional<Duration> noticed = Optional.empty();
        private long injected;

        Trial(Fault fault, FaultPair pair) {
            this.fault = fault;
            this.pair = pair;
        }

        FaultResult run() throws Exception {
            injected = System.nanoTime();
            look();
            fault.inject().on(pair);
            long since = System.nanoTime();
            Duration limit = fault.effect().noticedWithin();
            if (!limit.isZero()) {
                if (!FaultPair.await(limit, this::look)) {
                    failures.add("not noticed within " + limit.toSeconds() + " s");
                }
                fault.heal().on(pair);
                since = System.nanoTime();
            }
            Optional<Duration> back = awaitBack(since);
            if (fault.effect() == Fault.Effect.BORNE) {
                FaultPair.await(WATCHED, this::look);
                if (noticed.isPresent()) {
                    failures.add("should have been borne");
                }
            }
            String remains = pair.remains();
            if (!remains.isEmpty()) {
                failures.add("left behind: " + remains);
            }
            return new FaultResult(fault, phases, said, noticed, back, failures);
        }

        private Optional<Duration> awaitBack(long since) {
            boolean back = FaultPair.await(BACK_WITHIN, () -> {
                look();
                return fault.settled().isSo(pair, since);
            });
            if (!back) {
                failures.add("not back within " + BACK_WITHIN.toSeconds() + " s: "
                        + pair.genoa().status() + ", " + pair.lisbon().status() + ", " + pair.silence());
                return Optional.empty();
            }
            return Optional.of(Duration.ofNanos(System.nanoTime() - since));
        }

        /** Whether the status shows the fault. */
        private boolean look() {
            Optional<PeerStatus> status = pair.genoa().status();
            if (status.isEmpty()) {
                // Our own gateway is dead and says nothing; that is the controller's to notice.
                return false;
            }
            PeerStatus.Phase phase = status.get().phase();
            if (phases.isEmpty() || phases.getLast() != phase) {
                phases.add(phase);
            }
            boolean shown = fault.effect().isShownBy(status.get());
            if (shown && noticed.isEmpty()) {
                noticed = Optional.of(Duration.ofNanos(System.nanoTime() - injected));
                said = status.get().message();
            }
            return shown;
        }
    }
}
