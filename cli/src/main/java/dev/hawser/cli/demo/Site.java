// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.cli.terminal.Progress;
import dev.hawser.controller.app.ControllerMain;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.kubernetes.ControlPlaneSpec;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.JavaProgram;
import dev.hawser.proxy.app.ProxyMain;
import dev.hawser.tunnel.app.GatewayMain;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One cluster of the demo: control plane, installation, gateway, proxy and controller. For one thread at a time. */
final class Site {
    private static final String POD_SIDE_SERVER = "https://" + ClusterPlan.API_SERVER_ADDRESS + ":443";
    private static final Duration TOKEN_LIFE = Duration.ofDays(1);
    // Short-lived processes and those that wait most of the time start faster without the second compiler.
    private static final String START_FAST = "-XX:TieredStopAtLevel=1";

    private final ClusterPlan plan;
    private final Topology topology;
    private final DemoFolder folder;
    private final KubernetesBinaries binaries;
    private final ControlPlane controlPlane;
    private final Path kubeconfig;
    private final Map<String, ChildProcess> processes = new LinkedHashMap<>();

    private Site(
            ClusterPlan plan,
            Topology topology,
            DemoFolder folder,
            KubernetesBinaries binaries,
            ControlPlane controlPlane) {
        this.plan = plan;
        this.topology = topology;
        this.folder = folder;
        this.binaries = binaries;
        this.controlPlane = controlPlane;
        this.kubeconfig = addTo(new KubeconfigFile()).write(folder.resolve("kubeconfigs/" + plan.id() + ".yaml"));
    }

    /** Starts everything of a cluster; what its processes then do takes its own time. */
    static Site start(
            ClusterPlan plan, Topology topology, DemoFolder folder, KubernetesBinaries binaries, Progress progress) {
        ControlPlane controlPlane = ControlPlane.start(
                topology.get(plan, Topology.NODE),
                new ControlPlaneSpec(ClusterPlan.SERVICE_CIDR, List.of(plan.managementAddress())),
                binaries);
        progress.say(plan.id() + ": etcd and kube-apiserver are ready");
        Site site = new Site(plan, topology, folder, binaries, controlPlane);
        site.install();
        progress.say(plan.id() + ": custom resources, rights and objects are installed");
        site.startProcesses();
        progress.say(plan.id() + ": gateway, proxy and controller are started");
        return site;
    }

    ClusterPlan plan() {
        return plan;
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    /** Adds this cluster, with an administrator's rights and reached from the operator, to a kubeconfig. */
    KubeconfigFile addTo(KubeconfigFile file) {
        var admin = controlPlane.pki().admin();
        AuthInfo user = new AuthInfoBuilder()
                .withClientCertificateData(KubeconfigFile.base64(admin.certificate()))
                .withClientKeyData(KubeconfigFile.base64(admin.key()))
                .build();
        return file.add(plan.id(), server(), controlPlane.pki().caCertificate(), null, user);
    }

    DemoState.Cluster state() {
        Map<String, Long> ids = new LinkedHashMap<>();
        ids.put("etcd", controlPlane.etcd().pid());
        ids.put("kube-apiserver", controlPlane.apiServer().pid());
        processes.forEach((name, process) -> ids.put(name, process.pid()));
        return new DemoState.Cluster(
                plan.id(), server(), controlPlane.pki().caCertificate(), kubeconfig.toString(), ids);
    }

    Map<String, ChildProcess> processes() {
        return Map.copyOf(processes);
    }

    /** A token of a ServiceAccount that outlives an afternoon's demo. */
    String token(String namespace, String serviceAccount) {
        var request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(TOKEN_LIFE.toSeconds())
                .endSpec()
                .build();
        return controlPlane
                .client()
                .serviceAccounts()
                .inNamespace(namespace)
                .withName(serviceAccount)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    private String server() {
        return "https://" + plan.managementAddress() + ":" + ControlPlane.PORT;
    }

    private void install() {
        Installation installation = new Installation(folder.resolve("manifests/" + plan.id()), plan);
        kubectl("apply", "--server-side", "-f", installation.crds().toString());
        kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
        kubectl(
                "apply",
                "--server-side",
                "-f",
                installation.install().toString(),
                "-f",
                installation.demoObjects().toString());
        controlPlane.bindService("hawser", "api-server-proxy");
    }

    private void kubectl(String... arguments) {
        Command command = Command.of(arguments)
                .prefixedBy(List.of(binaries.kubectl().toString()))
                .with("KUBECONFIG", kubeconfig.toString())
                .with("KUBECACHEDIR", folder.resolve("kubectl-cache").toString());
        topology.get(Topology.OPERATOR).run(command).orThrow();
    }

    private void startProcesses() {
        Host node = topology.get(plan, Topology.NODE);
        Path gatewayConfig = kubeconfigOf("hawser-node", "gateway");
        Path controllerConfig = kubeconfigOf("hawser", "controller");
        start(
                node,
                "proxy",
                JavaProgram.of(ProxyMain.class.getName()).flags(START_FAST),
                Map.of(
                        "KUBERNETES_SERVICE_HOST",
                        ClusterPlan.API_SERVER_ADDRESS,
                        "KUBERNETES_SERVICE_PORT",
                        String.valueOf(ControlPlane.PORT)));
        start(
                node,
                "gateway",
                JavaProgram.of(GatewayMain.class.getName()).flags("-Xmx128m"),
                Map.of("KUBECONFIG", gatewayConfig.toString(), "HAWSER_POD_NAME", "gateway-0"));
        Host pod = topology.get(plan, "controller");
        start(
                pod,
                "controller",
                JavaProgram.of(ControllerMain.class.getName()).flags(START_FAST, "-Xmx128m"),
                Map.of("KUBECONFIG", controllerConfig.toString(), "HAWSER_POD_NAME", "controller-0"));
    }

    private void start(Host host, String name, JavaProgram program, Map<String, String> environment) {
        // Two processes that write one archive at the same time would be one too many.
        boolean writer = plan.equals(ClusterPlan.ALL.getFirst());
        String[] archive = ClassArchive.of(name).flags(writer).toArray(String[]::new);
        processes.put(name, host.start(name, program.flags(archive).command().with(environment)));
    }

    private Path kubeconfigOf(String namespace, String serviceAccount) {
        AuthInfo user = new AuthInfoBuilder()
                .withToken(token(namespace, serviceAccount))
                .build();
        return new KubeconfigFile()
                .add(plan.id(), POD_SIDE_SERVER, controlPlane.pki().caCertificate(), null, user)
                .write(folder.resolve("kubeconfigs/" + plan.id() + "-" + serviceAccount + ".yaml"));
    }
}
