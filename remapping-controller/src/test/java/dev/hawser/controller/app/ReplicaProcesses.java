// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.app;

import static dev.hawser.controller.reconcile.InstalledCluster.NAMESPACE;

import dev.hawser.controller.reconcile.InstalledCluster;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The controller's program, run beside the API server with the rights of its ServiceAccount and no others. */
final class ReplicaProcesses {
    private static final String LEASE = "hawser-controller";

    private final InstalledCluster cluster;
    private final Path folder;

    /** None runs yet, and the lead is free. */
    ReplicaProcesses(InstalledCluster cluster, Path folder) {
        this.cluster = cluster;
        this.folder = folder;
        cluster.client().leases().inNamespace(NAMESPACE).withName(LEASE).delete();
    }

    ChildProcess start(String name) throws IOException {
        ControlPlane controlPlane = cluster.controlPlane();
        Path kubeconfig = folder.resolve(name + ".kubeconfig");
        Files.writeString(
                kubeconfig,
                controlPlane
                        .tokenKubeconfig(controlPlane.hostServer(), controlPlane.token(NAMESPACE, "controller"))
                        .yaml());
        return controlPlane
                .host()
                .start(
                        name,
                        JavaProgram.of(ControllerMain.class.getName())
                                .flags("-Xmx128m", "-XX:TieredStopAtLevel=1")
                                .command()
                                .with(Map.of(
                                        "KUBECONFIG",
                                        kubeconfig.toString(),
                                        "HAWSER_POD_NAME",
                                        name,
                                        "HAWSER_HEALTH_ADDRESS",
                                        "127.0.0.1:0")));
    }

    String leader() {
        return cluster.client()
                .leases()
                .inNamespace(NAMESPACE)
                .withName(LEASE)
                .get()
                .getSpec()
                .getHolderIdentity();
    }
}
