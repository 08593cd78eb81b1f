// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.cli.demo.DemoState;

/** Commands that lead on after a failure, ready to be pasted. */
final class Look {
    private Look() {}

    static String describe(DemoState.Cluster cluster, String kind, String name) {
        return operator(cluster, "describe -n hawser " + kind + " " + name);
    }

    static String logs(DemoState.Cluster cluster, String namespace, String deployment) {
        return operator(cluster, "logs -n " + namespace + " deployment/" + deployment + " --tail=50");
    }

    /** kubectl with all rights. */
    static String operator(DemoState.Cluster cluster, String arguments) {
        return "bin/hawser demo enter operator -- kubectl --context " + cluster.id() + " " + arguments;
    }

    /** Any program on a host of the demo. */
    static String on(String host, String command) {
        return "bin/hawser demo enter " + host + " -- " + command;
    }
}
