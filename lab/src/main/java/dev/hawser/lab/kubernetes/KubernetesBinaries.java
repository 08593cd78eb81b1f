// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The programs of Kubernetes, in a folder of the user's cache.
 *
 * @param directory holds {@code etcd}, {@code kube-apiserver}, {@code kubelet} and so on, all links to one binary, and
 *     {@code pause}
 */
public record KubernetesBinaries(Path directory) {
    private static final KeptScript BUILD =
            new KeptScript("kubebox", "build.sh", List.of("go.mod", "go.sum", "main.go", "pause/main.go"));

    /**
     * Finds the programs, or builds them from the sources in our jar: milliseconds, or minutes.
     *
     * @param progress is told what takes the time, line by line
     */
    public static KubernetesBinaries ensure(Consumer<String> progress) {
        return new KubernetesBinaries(BUILD.run(progress).resolveSibling(""));
    }

    public Path etcd() {
        return directory.resolve("etcd");
    }

    public Path kubeApiServer() {
        return directory.resolve("kube-apiserver");
    }

    public Path kubeControllerManager() {
        return directory.resolve("kube-controller-manager");
    }

    public Path kubeScheduler() {
        return directory.resolve("kube-scheduler");
    }

    public Path kubelet() {
        return directory.resolve("kubelet");
    }

    public Path kubeProxy() {
        return directory.resolve("kube-proxy");
    }

    public Path kubectl() {
        return directory.resolve("kubectl");
    }

    /** What holds the namespaces of a pod open; a static program. */
    public Path pause() {
        return directory.resolve("pause");
    }
}
