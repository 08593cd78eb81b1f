// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import java.util.List;

/**
 * The printer columns of a kind in the order of its annotations; the generator sorts them by path.
 */
final class PrinterColumns {
    private PrinterColumns() {}

    static ArrayNode of(String kind, List<Class<? extends CustomResource<?, ?>>> kinds) {
        ArrayNode columns = JsonNodeFactory.instance.arrayNode();
        kinds.stream()
                .filter(type -> HasMetadata.getKind(type).equals(kind))
                .flatMap(type -> List.of(type.getAnnotationsByType(AdditionalPrinterColumn.class)).stream())
                .forEach(column -> columns.add(document(column)));
        return columns;
    }

    private static ObjectNode document(AdditionalPrinterColumn column) {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("name", column.name());
        document.put("type", column.type().getValue());
        document.put("jsonPath", column.jsonPath());
        if (column.priority() > 0) {
            document.put("priority", column.priority());
        }
        return document;
    }
}
