// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import java.util.ArrayList;
import java.util.List;

/** What Hawser's pods warned of, for whoever must find out why a check failed. */
public final class ProductLogs {
    private static final List<String[]> DEPLOYMENTS =
            List.of(new String[] {"hawser-node", "gateway"}, new String[] {"hawser", "controller"}, new String[] {
                "hawser", "api-server-proxy"
            });
    private static final int WARNINGS_PER_LOG = 8;

    private ProductLogs() {}

    /** The last warnings of every deployment of both clusters; a log that cannot be read is one of them. */
    public static List<String> warnings(DemoFolder folder) {
        DemoState state = folder.ready();
        List<String> warnings = new ArrayList<>();
        try (NetworkLab lab = NetworkLab.open("demo-logs")) {
            Host operator = lab.attach(Topology.OPERATOR, state.namespace(Topology.OPERATOR));
            for (DemoState.Cluster cluster : state.clusters()) {
                for (String[] deployment : DEPLOYMENTS) {
                    String name = cluster.id() + " " + deployment[1] + ": ";
                    Output log = operator.run(logs(state, cluster, deployment[0], deployment[1]));
                    List<String> lines = log.succeeded()
                            ? serious(log.stdout())
                            : List.of(log.stderr().strip());
                    lines.forEach(line -> warnings.add(name + line));
                }
            }
        }
        return warnings;
    }

    private static Command logs(DemoState state, DemoState.Cluster cluster, String namespace, String deployment) {
        return Command.of(
                        String.valueOf(state.kubectl()),
                        "--request-timeout=5s",
                        "logs",
                        "-n",
                        namespace,
                        "deployment/" + deployment,
                        "--tail=1000")
                .with("KUBECONFIG", cluster.kubeconfig());
    }

    private static List<String> serious(String log) {
        List<String> lines = log.lines()
                .filter(line -> line.contains(" WARN ") || line.contains(" ERROR "))
                .toList();
        return lines.subList(Math.max(0, lines.size() - WARNINGS_PER_LOG), lines.size());
    }
}
