// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a person can try on a running demo, and what makes it short to type. */
public final class Hints {
    private static final Pattern PRODUCT_LOG = Pattern.compile(".*-(gateway|proxy|controller)\\.log");
    private static final int WARNINGS_PER_LOG = 8;

    private Hints() {}

    /** Commands to try, for people. */
    public static String text(DemoFolder folder) {
        DemoState state = folder.ready();
        String pod = "genoa/pod-1";
        return """

                Try it (the two clusters are %1$s and %2$s):
                  bin/hawser demo enter operator -- kubectl --context %1$s get hawser -A
                  bin/hawser demo enter operator -- kubectl --context %2$s get ip -n hawser api-server-proxy -o wide
                  bin/hawser demo enter operator -- kubectl --context %1$s get peer -n hawser

                The other cluster's API server from a pod, through the remapped address of its proxy:
                  bin/hawser demo enter %3$s -- kubectl get configmap greeting -n demo -o jsonpath='{.data.cluster}{"\\n"}'
                or without our help:
                  nsenter --net=%4$s %5$s --kubeconfig %6$s get configmap -n demo

                Then: make demo-check, and make demo-down.""".formatted(
                        ClusterPlan.ALL.get(0).id(),
                        ClusterPlan.ALL.get(1).id(),
                        pod,
                        state.namespace(pod),
                        state.kubectl(),
                        kubeconfig(folder, pod));
    }

    /** kubectl on the path, and the kubeconfig that fits the host. */
    public static Map<String, String> environment(DemoFolder folder, DemoState state, String host) {
        Map<String, String> environment = new HashMap<>();
        String kubectl = state.kubectl();
        if (kubectl != null) {
            environment.put("PATH", Path.of(kubectl).resolveSibling("") + ":" + System.getenv("PATH"));
        }
        environment.put("KUBECONFIG", kubeconfig(folder, host).toString());
        environment.put("KUBECACHEDIR", folder.resolve("kubectl-cache").toString());
        environment.put(DemoFolder.MARK, folder.path().toString());
        return environment;
    }

    /** What the product's processes warned of last, for whoever must find out why a check failed. */
    public static List<String> warnings(DemoFolder folder) {
        try (Stream<Path> logs = Files.list(folder.resolve("lab"))) {
            return logs.filter(log ->
                            PRODUCT_LOG.matcher(log.getFileName().toString()).matches())
                    .sorted()
                    .flatMap(log -> lastWarnings(log).stream())
                    .toList();
        } catch (IOException e) {
            return List.of("the logs cannot be listed: " + e.getMessage());
        }
    }

    private static List<String> lastWarnings(Path log) {
        try {
            List<String> lines = Files.readAllLines(log).stream()
                    .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                    // The Fabric8 client says of every kind of ours that its version is not stable yet.
                    .filter(line -> !line.contains("VersionUsageUtils"))
                    .map(line -> log.getFileName() + ": " + line)
                    .toList();
            return lines.subList(Math.max(0, lines.size() - WARNINGS_PER_LOG), lines.size());
        } catch (IOException e) {
            return List.of(log + " cannot be read: " + e.getMessage());
        }
    }

    private static Path kubeconfig(DemoFolder folder, String host) {
        String cluster = host.contains("/") ? host.substring(0, host.indexOf('/')) : host;
        return folder.resolve("kubeconfigs/" + (host.contains("/") ? cluster + "-pod" : "operator") + ".yaml");
    }
}
