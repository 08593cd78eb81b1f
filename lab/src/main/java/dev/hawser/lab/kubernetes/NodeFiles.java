// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import dev.hawser.lab.image.ImageArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The configuration of what runs on a node, written into its folder before its daemons start.
 *
 * @param folder of the node; its daemons may see nothing beside it
 */
record NodeFiles(Path folder) {
    // By custom; nobody serves it yet.
    private static final int DNS = 10;
    private static final String IDLE = "trap exit TERM; sleep 1000000000 & wait";

    Path kubeconfig(User user) {
        return folder.resolve(user.program + ".kubeconfig");
    }

    Path kubelet() {
        return folder.resolve("kubelet.yaml");
    }

    Path kubeProxy() {
        return folder.resolve("kube-proxy.yaml");
    }

    void write(ClusterSpec spec, ClusterPki pki, String server, NodePackages packages, String controlGroup)
            throws IOException {
        List<String> names = new ArrayList<>(List.of(spec.nodeName(), spec.nodeAddress(), "127.0.0.1"));
        spec.ipv6().map(Ipv6Ranges::nodeAddress).ifPresent(names::add);
        Credential serving = pki.server("system:node:" + spec.nodeName(), names);
        Files.writeString(folder.resolve("ca.crt"), pki.caCertificate());
        Files.writeString(folder.resolve("kubelet.crt"), serving.certificate());
        Files.writeString(folder.resolve("kubelet.key"), serving.key());
        for (User user : User.values()) {
            Credential credential = pki.client(user.commonName(spec), user.groups());
            String yaml =
                    Kubeconfig.of(server, pki.caCertificate()).with(credential).yaml();
            Files.writeString(kubeconfig(user), yaml);
        }
        Path network = Files.createDirectories(folder.resolve("cni"));
        Files.writeString(network.resolve("10-lab.conflist"), network(spec));
        Files.writeString(folder.resolve("containerd.toml"), containerd(network, packages));
        Files.writeString(kubelet(), kubelet(spec, controlGroup));
        Files.writeString(kubeProxy(), kubeProxy(spec));
    }

    /** The images that every node has: that of pods' first containers, and one with a shell. */
    void writeImages(ClusterSpec spec, Path pause, Path busybox, List<String> applets) throws IOException {
        Path images = Files.createDirectories(folder.resolve("images"));
        ImageArchive.of(Cluster.PAUSE_IMAGE)
                .file(pause, "/pause")
                .entrypoint("/pause")
                .write(images.resolve("pause.tar"));
        ImageArchive.of(Cluster.TOOLS_IMAGE)
                .file(busybox, "/bin/busybox")
                .links(applets.stream()
                        .filter(applet -> !applet.equals("busybox"))
                        .collect(Collectors.toMap(applet -> "/bin/" + applet, applet -> "busybox")))
                // A shell that ends when asked to: sleep alone would be killed after the grace period of its pod.
                .entrypoint("/bin/sh", "-c", IDLE)
                .write(images.resolve("tools.tar"));
        for (Path archive : spec.images()) {
            Files.copy(archive, images.resolve("own-" + archive.getFileName()));
        }
    }

    private static String containerd(Path network, NodePackages packages) {
        return """
                version = 2
                root = "/var/lib/containerd"
                state = "/run/containerd"
                disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.aufs",
                  "io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
                [grpc]
                  address = "/run/containerd/containerd.sock"
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%s"
                  # Who lacks CAP_SYS_RESOURCE may not lower the score of a container below his own.
                  restrict_oom_score_adj = true
                  disable_apparmor = true
                  stream_server_address = "127.0.0.1"
                  stream_server_port = "0"
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = "%s"
                    conf_dir = "%s"
                  [plugins."io.containerd.grpc.v1.cri".containerd]
                    snapshotter = "overlayfs"
                    default_runtime_name = "runc"
                    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                      runtime_type = "io.containerd.runc.v2"
                """.formatted(Cluster.PAUSE_IMAGE, packages.cniPlugins(), network);
    }

    private static String network(ClusterSpec spec) {
        String ranges = range(spec.nodePodCidr());
        String routes = route("0.0.0.0/0");
        if (spec.ipv6().isPresent()) {
            ranges += ", " + range(spec.ipv6().get().nodePodCidr());
            routes += ", " + route("::/0");
        }
        return """
                {"cniVersion": "0.4.0", "name": "lab", "plugins": [
                  {"type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
                   "ipam": {"type": "host-local", "ranges": [%s], "routes": [%s]}},
                  {"type": "portmap", "capabilities": {"portMappings": true}}]}
                """.formatted(ranges, routes);
    }

    private static String range(String subnet) {
        return "[{\"subnet\": \"" + subnet + "\"}]";
    }

    private static String route(String destination) {
        return "{\"dst\": \"" + destination + "\"}";
    }

    private String kubelet(ClusterSpec spec, String controlGroup) {
        return """
                apiVersion: kubelet.config.k8s.io/v1beta1
                kind: KubeletConfiguration
                authentication: {anonymous: {enabled: false}, webhook: {enabled: true}, x509: {clientCAFile: "%1$s/ca.crt"}}
                authorization: {mode: Webhook}
                tlsCertFile: "%1$s/kubelet.crt"
                tlsPrivateKeyFile: "%1$s/kubelet.key"
                containerRuntimeEndpoint: unix:///run/containerd/containerd.sock
                cgroupDriver: cgroupfs
                # A kubelet removes the pods it does not know from below its root: no two may have the same.
                cgroupRoot: /%2$s
                enforceNodeAllocatable: [pods]
                failCgroupV1: false
                failSwapOn: false
                oomScoreAdj: 0
                # The node shows it copies of the settings that it wants (boot.sh); it must not write others.
                protectKernelDefaults: true
                makeIPTablesUtilChains: false
                clusterDomain: cluster.local
                clusterDNS: ["%3$s"]
                resolvConf: ""
                imageGCHighThresholdPercent: 100
                evictionHard: {memory.available: 50Mi, nodefs.available: "1%%", imagefs.available: "1%%", nodefs.inodesFree: "1%%"}
                """.formatted(folder, controlGroup, spec.controlPlane().serviceAddress(DNS));
    }

    private String kubeProxy(ClusterSpec spec) {
        return """
                apiVersion: kubeproxy.config.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: %s
                clusterCIDR: "%s"
                hostnameOverride: %s
                clientConnection: {kubeconfig: "%s"}
                nodePortAddresses: [primary]
                metricsBindAddress: 127.0.0.1:10249
                oomScoreAdj: 0
                # Chains of a Service that is gone stay until the sync after the next.
                nftables: {syncPeriod: 2s}
                # Limits of connection tracking belong to the whole machine.
                conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
                """.formatted(spec.proxyMode().mode(), spec.podCidrs(), spec.nodeName(), kubeconfig(User.PROXY));
    }

    /** Who the programs of a cluster are to its API server. */
    enum User {
        CONTROLLER_MANAGER("kube-controller-manager"),
        SCHEDULER("kube-scheduler"),
        PROXY("kube-proxy"),
        KUBELET("kubelet");

        private final String program;

        User(String program) {
            this.program = program;
        }

        private String commonName(ClusterSpec spec) {
            return this == KUBELET ? "system:node:" + spec.nodeName() : "system:" + program;
        }

        private String[] groups() {
            return this == KUBELET ? new String[] {"system:nodes"} : new String[0];
        }
    }
}
