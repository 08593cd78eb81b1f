// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.cli.demo.ClassArchive;
import dev.hawser.cli.demo.DemoState;
import dev.hawser.cli.peer.PeerReport;
import dev.hawser.cli.peer.PlannedName;
import dev.hawser.cli.peer.PreflightReport;
import dev.hawser.cli.terminal.Json;
import dev.hawser.lab.process.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** What the custom resources of a cluster must say. */
final class ObjectChecks {
    private static final List<String> KINDS = List.of(
            "clustergateway.networking.hawser.dev/this",
            "ip.ipam.hawser.dev/api-server-proxy",
            "pool.ipam.hawser.dev/default",
            "network.ipam.hawser.dev/",
            "peering.networking.hawser.dev/",
            "configuration.networking.hawser.dev/",
            "connection.networking.hawser.dev/",
            "advertisement.networking.hawser.dev/");

    private final RunningDemo demo;

    ObjectChecks(RunningDemo demo) {
        this.demo = demo;
    }

    /** Whether the names that were announced before the clusters were peered are those in force. */
    Stream<Check> announcement() {
        return Stream.of(new Check(
                "preflight",
                "the preflight finds the overlaps, and announces the names that are then granted",
                "operator, with the kubeconfigs of both clusters",
                "bin/hawser demo enter operator -- hawser peer --dry-run",
                this::preflight));
    }

    /** Needs both API servers. */
    Stream<Check> ready(DemoState.Cluster cluster) {
        return Stream.of(check(
                cluster,
                "peering-ready",
                "the Peering is Ready: probes return, and the controller reaches the peer's API server",
                Look.describe(cluster, "peering", demo.peerOf(cluster).id()),
                () -> peeringReady(cluster)));
    }

    /** What each kind of object of a cluster says. */
    Stream<Check> of(DemoState.Cluster cluster) {
        String peer = demo.peerOf(cluster).id();
        return Stream.of(
                check(
                        cluster,
                        "mapping-as-announced",
                        "the names in force for the peer's ranges are those that were announced",
                        Look.describe(cluster, "configuration", peer),
                        () -> mapping(cluster)),
                check(
                        cluster,
                        "get-hawser",
                        "`kubectl get hawser -A` shows every kind of object",
                        Look.operator(cluster, "get hawser -A"),
                        () -> getHawser(cluster)),
                check(
                        cluster,
                        "ip-columns",
                        "`kubectl get ip -o wide` prints NAME, LOCAL IP, AGE, REMAPPED IPS",
                        Look.operator(cluster, "get ip -n hawser -o yaml"),
                        () -> ipColumns(cluster)));
    }

    private static Check check(
            DemoState.Cluster cluster, String name, String what, String next, Callable<String> body) {
        return new Check(name + "[" + cluster.id() + "]", what, "objects of " + cluster.id(), next, body);
    }

    /** A dry run now tells the names that were announced before the clusters were peered, and that they stand. */
    private String preflight() throws IOException {
        PreflightReport before = announced();
        int overlaps = before.overlaps().size();
        unless(overlaps > 0, "the preflight saw no overlap between identical clusters");
        List<DemoState.Cluster> clusters = demo.clusters();
        String answer = demo.operator()
                .run(JavaProgram.of(
                                "dev.hawser.cli.Main",
                                "peer",
                                "--dry-run",
                                "-o",
                                "json",
                                "--kubeconfig",
                                clusters.get(0).kubeconfig(),
                                "--peer-kubeconfig",
                                clusters.get(1).kubeconfig())
                        .flags("-XX:TieredStopAtLevel=1")
                        .flags(ClassArchive.of("peer").flags(false).toArray(String[]::new))
                        .command())
                .orThrow()
                .stdout();
        PreflightReport now = Json.read(answer, PeerReport.class).preflight();
        unlessEqual(names(before.mapping()), names(now.mapping()), "the mapping of a dry run");
        unless(now.mapping().stream().allMatch(PlannedName::granted), "a dry run sees names that are not granted");
        return overlaps + " overlaps found, " + now.mapping().size() + " names announced and granted";
    }

    /** The names in force are those that the preflight announced. */
    private String mapping(DemoState.Cluster cluster) throws IOException {
        String peer = demo.peerOf(cluster).id();
        Map<String, String> expected = new TreeMap<>();
        announced().mapping().stream()
                .filter(name -> name.in().equals(cluster.id()))
                .forEach(name -> expected.put(name.role() + " " + name.cidr(), name.remapped()));
        unless(expected.size() >= 2, "the preflight announced no names for " + peer + " in " + cluster.id());
        Configuration configuration = demo.get(cluster, Configuration.class, "hawser", peer);
        Map<String, String> seen = new TreeMap<>();
        var status = configuration.getStatus();
        if (status != null && status.remote() != null) {
            put(seen, "pod", status.remote().podCIDRs());
            put(seen, "external", status.remote().externalCIDRs());
        }
        unlessEqual(expected, seen, "status of Configuration " + peer + " in " + cluster.id());
        return seen.toString();
    }

    private String getHawser(DemoState.Cluster cluster) {
        List<String> names = demo.kubectl(cluster, "get", "hawser", "-A", "-o", "name")
                .lines()
                .toList();
        for (String kind : KINDS) {
            unless(
                    names.stream().anyMatch(name -> name.startsWith(kind)),
                    "kubectl get hawser -A shows no " + kind + "; it shows " + names);
        }
        return names.size() + " objects of " + KINDS.size() + " kinds";
    }

    private String peeringReady(DemoState.Cluster cluster) {
        String peer = demo.peerOf(cluster).id();
        return demo.kubectl(cluster, "wait", "-n", "hawser", "--for=condition=Ready", "peering/" + peer, "--timeout=4s")
                .strip();
    }

    private String ipColumns(DemoState.Cluster cluster) {
        List<String> wide = demo.kubectl(cluster, "get", "ip", "-n", "hawser", "api-server-proxy", "-o", "wide")
                .lines()
                .toList();
        unlessEqual(2, wide.size(), "number of lines");
        unlessEqual(List.of("NAME", "LOCAL IP", "AGE", "REMAPPED IPS"), columns(wide.get(0)), "wide heads");
        List<String> cells = columns(wide.get(1));
        unlessEqual(4, cells.size(), "number of cells in " + cells);
        Map<?, ?> remapped = Json.read(cells.get(3), Map.class);
        unless(remapped.keySet().equals(Set.of(demo.peerOf(cluster).id())), "REMAPPED IPS names " + remapped.keySet());
        List<String> narrow = demo.kubectl(cluster, "get", "ip", "-n", "hawser", "api-server-proxy")
                .lines()
                .toList();
        unlessEqual(List.of("NAME", "LOCAL IP", "AGE"), columns(narrow.get(0)), "heads");
        return String.join("  ", cells);
    }

    private PreflightReport announced() throws IOException {
        return Json.read(Files.readString(demo.folder().preflight()), PeerReport.class)
                .preflight();
    }

    private static List<String> names(List<PlannedName> mapping) {
        return mapping.stream()
                .map(name -> name.in() + " " + name.role() + " " + name.cidr() + "=" + name.remapped())
                .sorted()
                .toList();
    }

    private static void put(Map<String, String> names, String role, List<RemappedRange> ranges) {
        ranges.forEach(range -> names.put(role + " " + range.cidr(), range.remapped()));
    }

    /** kubectl separates columns by three blanks and pads with more. */
    private static List<String> columns(String line) {
        return Arrays.stream(line.strip().split(" {3,}")).map(String::strip).toList();
    }
}
