// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import dev.hawser.lab.LabException;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.PortForward;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Signal;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * etcd and kube-apiserver of one cluster on a laboratory host; ready in about three seconds.
 *
 * <p>The API server listens on port 443 of every address of the host. Where it is alone, the first service address is one
 * of them: it is put on {@code lo} because no kube-proxy serves it. RBAC is on, anonymous requests are off. The two processes die with the
 * JVM, and the store is never synced to disk: a cluster outlives a restart, not its laboratory. Methods that start and
 * stop are for one thread at a time; clients may be used from any.
 */
public final class ControlPlane implements AutoCloseable {
    /** The port of the API server. */
    public static final int PORT = 443;

    private static final String ISSUER = "https://kubernetes.default.svc";
    private static final String ETCD = "http://127.0.0.1:2379";
    private static final String ETCD_PEER = "http://127.0.0.1:2380";
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    /** For one request; a busy machine needs more than the client's ten seconds to delete 500 objects, which is one request. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Host host;
    private final ControlPlaneSpec spec;
    private final KubernetesBinaries binaries;
    private final ClusterPki pki;
    private final Path directory;
    private final PortForward forward;
    private @Nullable KubernetesClient client;
    private @Nullable ChildProcess etcd;
    private @Nullable ChildProcess apiServer;

    private ControlPlane(Host host, ControlPlaneSpec spec, KubernetesBinaries binaries) throws IOException {
        this.host = host;
        this.spec = spec;
        this.binaries = binaries;
        List<String> names = new ArrayList<>(spec.addresses());
        names.add(spec.firstServiceAddress());
        this.pki = new ClusterPki(names);
        this.directory = Files.createDirectories(host.directory().resolve("control-plane"));
        writeCredentials();
        this.forward = host.forwardPort(PORT);
    }

    /** Starts a new cluster without nodes on {@code host} and waits until it is ready. */
    public static ControlPlane start(Host host, ControlPlaneSpec spec, KubernetesBinaries binaries) {
        ControlPlane controlPlane = prepare(host, spec, binaries);
        host.address("lo", withHostPrefix(spec.firstServiceAddress()));
        controlPlane.start();
        return controlPlane;
    }

    /** A new cluster that does not run yet, and whose service addresses are left to a kube-proxy. */
    static ControlPlane prepare(Host host, ControlPlaneSpec spec, KubernetesBinaries binaries) {
        try {
            return new ControlPlane(host, spec, binaries);
        } catch (IOException e) {
            throw new UncheckedIOException("files of the control plane on " + host + " cannot be written", e);
        }
    }

    /** Starts what does not run, on the data there is, and waits until the API server is ready. */
    public void start() {
        launch();
        awaitReady();
    }

    /** Starts what does not run, and leaves time for other work until it is ready. */
    void launch() {
        if (etcd == null || !etcd.alive()) {
            etcd = host.start("etcd", etcdCommand());
        }
        if (apiServer == null || !apiServer.alive()) {
            apiServer = host.start("kube-apiserver", apiServerCommand());
        }
    }

    void awaitReady() {
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        while (!ready()) {
            for (ChildProcess required : processes()) {
                if (!required.alive()) {
                    throw new LabException(
                            required + " ended while the cluster was starting:\n" + required.logTail(20));
                }
            }
            if (System.nanoTime() - deadline > 0) {
                throw new LabException(apiServer() + " is not ready after " + READY_LIMIT + ":\n"
                        + apiServer().logTail(20));
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** Ends both programs in good order; {@link #start()} continues with the same data. */
    public void stop() {
        if (apiServer != null) {
            apiServer.stop();
        }
        if (etcd != null) {
            etcd.stop();
        }
    }

    /** Discards the cluster: kills both programs at once and closes the client. */
    @Override
    public void close() {
        closeClient();
        forward.close();
        for (ChildProcess process : processes()) {
            process.signal(Signal.KILL);
        }
        processes().forEach(ChildProcess::kill);
    }

    public Host host() {
        return host;
    }

    public ControlPlaneSpec spec() {
        return spec;
    }

    public ClusterPki pki() {
        return pki;
    }

    /** The API server's process, to be killed or frozen by a test. */
    public ChildProcess apiServer() {
        return running("kube-apiserver", apiServer);
    }

    /** The store's process, to be killed or frozen by a test. */
    public ChildProcess etcd() {
        return running("etcd", etcd);
    }

    /** A client with all rights for code in this JVM, which need not be inside the host; closed with this cluster. */
    public synchronized KubernetesClient client() {
        // Made when it is first asked for: its classes take a second to load, in which the programs start.
        if (client == null) {
            client = newClient(adminKubeconfig(localServer()));
        }
        return client;
    }

    /**
     * A client of its own for code in this JVM, which the caller closes.
     *
     * @param kubeconfig for {@link #localServer()}
     */
    public KubernetesClient newClient(Kubeconfig kubeconfig) {
        Config config = Config.fromKubeconfig(kubeconfig.yaml());
        // A laboratory asks again by itself; the client's patience would hide what the test wants to see.
        config.setRequestRetryBackoffLimit(0);
        config.setRequestTimeout((int) PATIENCE.toMillis());
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** URL of the API server for this JVM: a port on our loopback. */
    public String localServer() {
        return "https://127.0.0.1:" + forward.localPort();
    }

    /** URL of the API server for processes on its own host. */
    public String hostServer() {
        return "https://127.0.0.1:" + PORT;
    }

    /** Where the certificate of the authority and the keys of the API server are. */
    Path directory() {
        return directory;
    }

    /** A kubeconfig with all rights. */
    public Kubeconfig adminKubeconfig(String server) {
        return Kubeconfig.of(server, pki.caCertificate()).with(pki.admin());
    }

    /** A kubeconfig with the rights of a bearer token. */
    public Kubeconfig tokenKubeconfig(String server, String token) {
        return Kubeconfig.of(server, pki.caCertificate()).withToken(token);
    }

    /** Mints a token for a ServiceAccount, which must exist; it is good for an hour. */
    public String token(String namespace, String serviceAccount) {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(Duration.ofHours(1).toSeconds())
                .endSpec()
                .build();
        return client().serviceAccounts()
                .inNamespace(namespace)
                .withName(serviceAccount)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    /** kubectl with all rights on the API server's own host. */
    public Kubectl kubectl() {
        return kubectl(host, adminKubeconfig(hostServer()));
    }

    /** kubectl on any host, for one that has a way to the server of the kubeconfig. */
    public Kubectl kubectl(Host from, Kubeconfig kubeconfig) {
        try {
            Path folder = Files.createTempDirectory(from.directory(), "kubectl-");
            return new Kubectl(
                    from, binaries.kubectl(), Files.writeString(folder.resolve("config"), kubeconfig.yaml()));
        } catch (IOException e) {
            throw new UncheckedIOException("no kubeconfig for " + from, e);
        }
    }

    /**
     * Puts the ClusterIPs of a Service on {@code lo}, so that processes on the host can serve it without kube-proxy: the
     * ports of the Service must be those of the process.
     *
     * @return the first ClusterIP
     */
    public String bindService(String namespace, String name) {
        Service service =
                client().services().inNamespace(namespace).withName(name).get();
        if (service == null) {
            throw new LabException("Service " + namespace + "/" + name + " does not exist on " + host
                    + "; create it before its address is bound");
        }
        for (String address : service.getSpec().getClusterIPs()) {
            host.run("ip", "address", "replace", withHostPrefix(address), "dev", "lo");
        }
        return service.getSpec().getClusterIP();
    }

    /** Ready as the API server sees it, and with the objects that it makes by itself a moment later. */
    private boolean ready() {
        try {
            return "ok".equals(client().raw("/readyz"))
                    && client().namespaces().withName("default").get() != null
                    && client().services()
                                    .inNamespace("default")
                                    .withName("kubernetes")
                                    .get()
                            != null;
        } catch (KubernetesClientException e) {
            // Nobody listens yet, or a check still fails: both are how a start looks.
            return false;
        }
    }

    private Command etcdCommand() {
        return Command.of(
                binaries.etcd().toString(),
                "--data-dir=" + directory.resolve("etcd"),
                "--listen-client-urls=" + ETCD,
                "--advertise-client-urls=" + ETCD,
                "--listen-peer-urls=" + ETCD_PEER,
                "--initial-advertise-peer-urls=" + ETCD_PEER,
                "--initial-cluster=default=" + ETCD_PEER,
                "--log-level=warn",
                "--unsafe-no-fsync");
    }

    private Command apiServerCommand() {
        String advertised = spec.addresses().isEmpty()
                ? spec.firstServiceAddress()
                : spec.addresses().getFirst();
        return Command.of(
                        binaries.kubeApiServer().toString(),
                        "--etcd-servers=" + ETCD,
                        "--bind-address=0.0.0.0",
                        "--secure-port=" + PORT,
                        "--advertise-address=" + advertised,
                        "--service-cluster-ip-range=" + String.join(",", spec.serviceCidrs()),
                        "--tls-cert-file=" + directory.resolve("server.crt"),
                        "--tls-private-key-file=" + directory.resolve("server.key"),
                        "--client-ca-file=" + directory.resolve("ca.crt"),
                        // For logs, exec and port-forward, which the API server asks of a kubelet.
                        "--kubelet-certificate-authority=" + directory.resolve("ca.crt"),
                        "--kubelet-client-certificate=" + directory.resolve("kubelet-client.crt"),
                        "--kubelet-client-key=" + directory.resolve("kubelet-client.key"),
                        "--kubelet-preferred-address-types=InternalIP",
                        // Controller manager and scheduler ask for these, although there is no front proxy.
                        "--requestheader-client-ca-file=" + directory.resolve("ca.crt"),
                        "--requestheader-allowed-names=front-proxy-client",
                        "--requestheader-username-headers=X-Remote-User",
                        "--requestheader-group-headers=X-Remote-Group",
                        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
                        "--service-account-issuer=" + ISSUER,
                        "--service-account-signing-key-file=" + directory.resolve("service-accounts.key"),
                        "--service-account-key-file=" + directory.resolve("service-accounts.pub"),
                        "--authorization-mode=Node,RBAC",
                        "--enable-admission-plugins=NodeRestriction",
                        "--anonymous-auth=false",
                        "--allow-privileged=true")
                // An eighth less CPU time until it is ready, for 100 MB.
                .with("GOGC", "400");
    }

    private void writeCredentials() throws IOException {
        Files.writeString(directory.resolve("ca.crt"), pki.caCertificate());
        Files.writeString(directory.resolve("server.crt"), pki.server().certificate());
        Files.writeString(directory.resolve("server.key"), pki.server().key());
        Credential kubeletClient = pki.client("kube-apiserver-kubelet-client", "system:masters");
        Files.writeString(directory.resolve("kubelet-client.crt"), kubeletClient.certificate());
        Files.writeString(directory.resolve("kubelet-client.key"), kubeletClient.key());
        Files.writeString(directory.resolve("service-accounts.key"), pki.serviceAccountKey());
        Files.writeString(directory.resolve("service-accounts.pub"), pki.serviceAccountPublicKey());
    }

    private synchronized void closeClient() {
        if (client != null) {
            client.close();
        }
    }

    private List<ChildProcess> processes() {
        List<ChildProcess> started = new ArrayList<>();
        if (apiServer != null) {
            started.add(apiServer);
        }
        if (etcd != null) {
            started.add(etcd);
        }
        return started;
    }

    private ChildProcess running(String program, @Nullable ChildProcess process) {
        if (process == null) {
            throw new IllegalStateException(program + " was never started on " + host);
        }
        return process;
    }

    private static String withHostPrefix(String address) {
        return address + (address.indexOf(':') >= 0 ? "/128" : "/32");
    }
}
