// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import dev.hawser.lab.LabException;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The manifests in a folder of the class path that holds a {@code kustomization.yaml}, as text for a client.
 *
 * <p>Of that file only the list of resources counts, and these have to be files beside it. What else it says, such as
 * labels, is left to {@code kubectl -k}, which wants a folder on a disk.
 *
 * @param folder such as {@code /com/example/manifests}
 */
public record Manifests(String folder) {
    /** Every file that is listed, one after the other. */
    public String all() {
        GenericKubernetesResource kustomization =
                Serialization.unmarshal(read("kustomization.yaml"), GenericKubernetesResource.class);
        List<String> listed = kustomization.get("resources");
        if (listed == null || listed.isEmpty()) {
            throw new LabException(folder + "/kustomization.yaml lists no resources, so there is nothing to apply");
        }
        return files(listed.toArray(String[]::new));
    }

    /** These files, one after the other. */
    public String files(String... names) {
        return Stream.of(names).map(this::read).collect(Collectors.joining("\n---\n"));
    }

    private String read(String name) {
        String resource = folder + "/" + name;
        try (InputStream stream = Manifests.class.getResourceAsStream(resource)) {
            if (stream == null) {
                throw new LabException(resource
                        + " is not on the class path; name a file that is, or depend on the module that has it");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(resource + " cannot be read", e);
        }
    }
}
