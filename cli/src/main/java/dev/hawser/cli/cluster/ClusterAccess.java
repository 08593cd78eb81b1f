// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.cluster;

import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A cluster with the rights of the user whose kubeconfig names it. */
public final class ClusterAccess implements AutoCloseable {
    private static final int CONNECT_TIMEOUT_MS = 5_000;
    private static final int REQUEST_TIMEOUT_MS = 15_000;

    private final String title;
    private final Config config;
    private final KubernetesClient client;

    private ClusterAccess(String title, Config config) {
        this.title = title;
        this.config = config;
        this.client = new KubernetesClientBuilder().withConfig(config).build();
    }

    /**
     * Opens the cluster that a kubeconfig leads to; nothing is asked yet.
     *
     * @param context the kubeconfig's current context if null
     */
    public static ClusterAccess open(Path kubeconfig, @Nullable String context) {
        String contents;
        try {
            contents = Files.readString(kubeconfig);
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "kubeconfig " + kubeconfig + " cannot be read",
                    "name an existing file, or set KUBECONFIG.",
                    e);
        }
        if (contents.isBlank()) {
            // An empty file would silently mean "the cluster this runs in".
            throw new CliException(
                    ExitCode.USAGE, "kubeconfig " + kubeconfig + " is empty", "name the file of a cluster.");
        }
        Config config = Config.fromKubeconfig(context, kubeconfig.toFile());
        config.setConnectionTimeout(CONNECT_TIMEOUT_MS);
        config.setRequestTimeout(REQUEST_TIMEOUT_MS);
        // The client applies a kubeconfig's proxy-url only to servers without TLS.
        if (config.getHttpsProxy() == null && config.getHttpProxy() != null) {
            config.setHttpsProxy(config.getHttpProxy());
        }
        String title = context == null ? kubeconfig.toString() : kubeconfig + " (context " + context + ")";
        return new ClusterAccess(title, config);
    }

    public KubernetesClient client() {
        return client;
    }

    /** How messages name this cluster before its ID is known. */
    public String title() {
        return title;
    }

    /** Asks the API server, and turns a refusal into a failure that says what to do. */
    public <T> T ask(String what, Function<KubernetesClient, T> question) {
        try {
            return question.apply(client);
        } catch (KubernetesClientException e) {
            throw failure(what, e);
        }
    }

    /** An object of ours by name, or null. */
    public <T extends HasMetadata> @Nullable T find(Class<T> kind, String namespace, String name) {
        String what = kind.getSimpleName() + " " + namespace + "/" + name;
        try {
            return client.resources(kind).inNamespace(namespace).withName(name).get();
        } catch (KubernetesClientException e) {
            throw failure("reading " + what, e);
        }
    }

    /** An object that every installation has in the namespace of Hawser. */
    public <T extends HasMetadata> T required(Class<T> kind, String name) {
        T found = find(kind, Names.NAMESPACE, name);
        if (found == null) {
            throw new CliException(
                    ExitCode.FAILED,
                    kind.getSimpleName() + " " + Names.NAMESPACE + "/" + name + " does not exist in " + title,
                    "install Hawser in this cluster first: see manifests/kustomize/example.");
        }
        return found;
    }

    /** All objects of one of our kinds in the namespace of Hawser. */
    public <T extends HasMetadata> List<T> list(Class<T> kind) {
        return ask(
                "listing " + HasMetadata.getPlural(kind),
                k -> k.resources(kind).inNamespace(Names.NAMESPACE).list().getItems());
    }

    /** The certificates that this cluster's API server is checked against, PEM. */
    public String certificateAuthority() {
        String published = ask(
                "reading ConfigMap " + Names.NAMESPACE + "/kube-root-ca.crt",
                k -> Optional.ofNullable(k.configMaps()
                                .inNamespace(Names.NAMESPACE)
                                .withName("kube-root-ca.crt")
                                .get())
                        .map(map -> map.getData().getOrDefault("ca.crt", ""))
                        .orElse(""));
        return published.isBlank() ? fromKubeconfig() : published;
    }

    @Override
    public void close() {
        client.close();
    }

    private CliException failure(String what, KubernetesClientException e) {
        return new CliException(
                ExitCode.FAILED,
                what + " in " + title + " (" + config.getMasterUrl() + ") failed: " + reason(e),
                hint(e),
                e);
    }

    private String fromKubeconfig() {
        String data = config.getCaCertData();
        if (data != null) {
            return new String(Base64.getDecoder().decode(data), StandardCharsets.US_ASCII);
        }
        String file = config.getCaCertFile();
        if (file == null) {
            throw new CliException(
                    ExitCode.FAILED,
                    "the certificate authority of " + title + " is unknown: no ConfigMap kube-root-ca.crt, and the"
                            + " kubeconfig names none",
                    "put certificate-authority-data into the kubeconfig.");
        }
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.USAGE, "certificate authority " + file + " cannot be read", "repair the kubeconfig.", e);
        }
    }

    private static String reason(KubernetesClientException e) {
        Throwable cause = e.getCause();
        return cause == null || cause.getMessage() == null ? String.valueOf(e.getMessage()) : cause.getMessage();
    }

    private static String hint(KubernetesClientException e) {
        return switch (e.getCode()) {
            case HttpURLConnection.HTTP_UNAUTHORIZED -> "the kubeconfig's credentials are not accepted; renew them.";
            case HttpURLConnection.HTTP_FORBIDDEN -> "the user lacks this right; ask for it, or use another context.";
            case HttpURLConnection.HTTP_NOT_FOUND ->
                "install Hawser in this cluster first: see manifests/kustomize/example.";
            default -> "try `kubectl --kubeconfig … get clustergateways -n hawser` with the same file.";
        };
    }
}
