// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.Peering;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDInfo;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes the CRD documents from the Java types.
 *
 * <p>The generator does what annotations can say. What they cannot is added here: which lists are maps (and by which
 * key), so that server-side apply merges them by entry, and the order of printer columns.
 */
final class CrdYaml {
    private static final Map<String, String> LIST_KEYS = Map.of("conditions", "type", "usage", "family");

    private static final List<Class<? extends CustomResource<?, ?>>> KINDS = List.of(
            IP.class,
            Network.class,
            Pool.class,
            Advertisement.class,
            ClusterGateway.class,
            Configuration.class,
            Connection.class,
            Peering.class);

    private CrdYaml() {}

    /** File name to document, for every kind. */
    static Map<String, String> generate(Path scratch) throws IOException {
        CRDGenerator generator = new CRDGenerator().inOutputDir(scratch.toFile());
        KINDS.forEach(generator::customResourceClasses);
        Map<String, String> documents = new TreeMap<>();
        for (Map<String, CRDInfo> versions :
                generator.detailedGenerate().getCRDDetailsPerNameAndVersion().values()) {
            for (CRDInfo info : versions.values()) {
                String name = info.getCrdName() + ".yaml";
                documents.put(name, refine(Files.readString(Path.of(info.getFilePath()))));
            }
        }
        return documents;
    }

    private static String refine(String generated) {
        ObjectNode crd = Serialization.unmarshal(generated, ObjectNode.class);
        markLists(crd);
        orderColumns(crd);
        return "# Generated from the types in crds/; after a change there: make crds\n" + Serialization.asYaml(crd);
    }

    private static void markLists(JsonNode node) {
        if (node instanceof ObjectNode schema && schema.get("properties") instanceof ObjectNode properties) {
            properties.properties().forEach(property -> {
                if (property.getValue() instanceof ObjectNode list
                        && "array".equals(list.path("type").asText())) {
                    markList(property.getKey(), list);
                }
            });
        }
        node.forEach(CrdYaml::markLists);
    }

    private static void markList(String name, ObjectNode list) {
        JsonNode items = list.path("items");
        String key = items.path("properties").has("remapped") ? "cidr" : LIST_KEYS.get(name);
        if (key != null) {
            list.put("x-kubernetes-list-type", "map");
            list.putArray("x-kubernetes-list-map-keys").add(key);
            requireKey((ObjectNode) items, key);
        } else if ("string".equals(items.path("type").asText())
                || "integer".equals(items.path("type").asText())) {
            list.put("x-kubernetes-list-type", "atomic");
        }
    }

    /** The API server refuses a map key that may be absent, and Fabric8's Condition declares nothing as required. */
    private static void requireKey(ObjectNode entry, String key) {
        for (JsonNode required : entry.path("required")) {
            if (required.asText().equals(key)) {
                return;
            }
        }
        entry.withArray("required").add(key);
    }

    private static void orderColumns(ObjectNode crd) {
        crd.path("spec").path("versions").forEach(version -> {
            String kind = crd.path("spec").path("names").path("kind").asText();
            ((ObjectNode) version).set("additionalPrinterColumns", PrinterColumns.of(kind, KINDS));
        });
    }
}
