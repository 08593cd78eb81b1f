// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import java.util.concurrent.CountDownLatch;

/** A program that starts a cluster with a pod, says so, and waits to be killed. */
public final class AbandonedCluster {
    private AbandonedCluster() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) throws Exception {
        NetworkLab lab = NetworkLab.open("abandoned-cluster");
        Host node = ClusterIT.host(lab, lab.host("internet"), "abandoned", 2);
        Cluster cluster = Cluster.start(
                node,
                ClusterSpec.of("abandoned", "203.0.113.2"),
                KubernetesBinaries.ensure(System.err::println),
                NodePackages.ensure(System.err::println));
        ClusterIT.run(cluster, "orphan", Cluster.TOOLS_IMAGE);
        System.out.println("pod " + cluster.containerPid("default", "orphan", "main") + " group "
                + cluster.controlGroup() + " ready");
        new CountDownLatch(1).await();
    }
}
