// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import dev.hawser.image.Kustomization;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.kubernetes.ControlPlaneSpec;
import dev.hawser.lab.kubernetes.Kubeconfig;
import dev.hawser.lab.kubernetes.Kubectl;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import java.nio.file.Path;
import java.util.List;

/**
 * The API server behind all gateways of a run, with the manifests applied that users apply. One, because each takes a
 * share of the processors that are being measured; every gateway has namespaces of its own in it. For one thread.
 */
final class ApiServer {
    static final String TIMEOUT = "--timeout=30s";

    static final String ADDRESS = "192.0.2.1";

    private static final String GATEWAYS = "hawser-node";
    private static final String GATEWAY = "gateway";

    private final NetworkLab lab;
    private final ControlPlane controlPlane;
    private int links;

    private ApiServer(NetworkLab lab, ControlPlane controlPlane) {
        this.lab = lab;
        this.controlPlane = controlPlane;
    }

    static ApiServer start(NetworkLab lab, KubernetesBinaries binaries) {
        Host host = lab.host("api");
        host.address("lo", ADDRESS + "/32");
        ControlPlane controlPlane =
                ControlPlane.start(host, new ControlPlaneSpec("10.95.0.0/16", List.of(ADDRESS)), binaries);
        Kubectl kubectl = controlPlane.kubectl();
        Path manifests = Kustomization.unpack(lab.directory().resolve("manifests"));
        kubectl.run("apply", "-k", manifests.resolve("kustomize/crds").toString());
        kubectl.run("wait", "--for=condition=Established", "crd", "--all", TIMEOUT);
        kubectl.run("apply", "-k", manifests.resolve("kustomize/default").toString());
        // Every gateway has namespaces of its own here; how many rights an account has does not change the speed.
        String account = "--serviceaccount=" + GATEWAYS + ":" + GATEWAY;
        kubectl.run("create", "clusterrolebinding", "benchmarks", "--clusterrole=cluster-admin", account);
        return new ApiServer(lab, controlPlane);
    }

    Kubectl kubectl() {
        return controlPlane.kubectl();
    }

    /** Joins a node by a link of its own, beside the one that is measured. */
    void attach(Host node) {
        int number = ++links;
        String network = "192.168." + number;
        lab.link(node, "mgmt0", controlPlane.host(), "node" + number);
        node.address("mgmt0", network + ".2/24");
        controlPlane.host().address("node" + number, network + ".1/24");
        node.route(ADDRESS + "/32", network + ".1");
    }

    /** The gateway's own account, as a pod is given it. */
    Kubeconfig account() {
        return controlPlane.tokenKubeconfig("https://" + ADDRESS, controlPlane.token(GATEWAYS, GATEWAY));
    }
}
