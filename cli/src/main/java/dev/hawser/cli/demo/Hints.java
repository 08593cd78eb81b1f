// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** What a person can try on a running demo, and what makes it short to type. */
public final class Hints {
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
                  bin/hawser demo enter %3$s -- kubectl exec -it -n demo toolbox -- sh
                or without our help:
                  nsenter --net=%4$s %5$s --kubeconfig %6$s get pods -n demo

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

    private static Path kubeconfig(DemoFolder folder, String host) {
        String cluster = host.contains("/") ? host.substring(0, host.indexOf('/')) : host;
        return folder.resolve("kubeconfigs/" + (host.contains("/") ? cluster + "-pod" : "operator") + ".yaml");
    }
}
