// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.ConfigBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A kubeconfig under construction: one context for each cluster, named after it; the first added is the current one. */
public final class KubeconfigFile {
    private final ConfigBuilder config = new ConfigBuilder();

    /**
     * Adds a cluster.
     *
     * @param proxyUrl HTTP proxy on the way; null for none
     */
    public KubeconfigFile add(
            String name, String server, String certificateAuthority, @Nullable String proxyUrl, AuthInfo user) {
        if (!config.hasContexts()) {
            config.withCurrentContext(name);
        }
        config.addNewCluster()
                .withName(name)
                .withNewCluster()
                .withServer(server)
                .withCertificateAuthorityData(base64(certificateAuthority))
                .withProxyUrl(proxyUrl)
                .endCluster()
                .endCluster();
        config.addNewUser().withName(name).withUser(user).endUser();
        config.addNewContext()
                .withName(name)
                .withNewContext()
                .withCluster(name)
                .withUser(name)
                .endContext()
                .endContext();
        return this;
    }

    /** Writes it, and returns the file. */
    public Path write(Path file) {
        try {
            Files.createDirectories(file.resolveSibling(""));
            return Files.writeString(file, Serialization.asYaml(config.build()));
        } catch (IOException e) {
            throw new UncheckedIOException("kubeconfig " + file + " cannot be written", e);
        }
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
