// SPDX-License-Identifier: Apache-2.0
package dev.hawser.entry.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the API server of a training run remembers: objects by path, and every change to one, in order. A spec and a status
 * have writers of their own, as in an API server. Safe for any thread.
 */
final class PracticeObjects {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TreeMap<String, ObjectNode> objects = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();
    private long version;

    /**
     * An object as it was after a change, and where it is.
     *
     * @param type ADDED, MODIFIED or DELETED
     */
    record Change(long version, String type, PracticePath path, ObjectNode object) {}

    synchronized Optional<ObjectNode> get(PracticePath path) {
        return Optional.ofNullable(objects.get(path.object()));
    }

    /** A list as the API gives it. */
    synchronized ObjectNode list(PracticePath path, @Nullable String name) {
        ObjectNode list = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        list.putObject("metadata").put("resourceVersion", String.valueOf(version));
        var items = list.putArray("items");
        objects.forEach((key, object) -> {
            PracticePath own = PracticePath.parse(key);
            if (path.holds(own) && (name == null || name.equals(own.name()))) {
                items.add(object);
            }
        });
        return list;
    }

    /**
     * Writes an object, and tells whoever waits for changes if it differs.
     *
     * @param whole whether the spec or status that is written takes the place of what was there, field by field otherwise
     */
    synchronized ObjectNode write(PracticePath path, ObjectNode written, boolean whole) {
        ObjectNode before = objects.get(path.object());
        ObjectNode after = before == null ? JSON.createObjectNode() : before.deepCopy();
        ObjectNode part = written.deepCopy();
        part.retain(path.isStatus() ? List.of("status") : fieldsBut(part, "status"));
        if (whole) {
            after.setAll(part);
        } else {
            merge(after, part);
        }
        ObjectNode metadata = after.withObject("/metadata").put("name", path.name());
        if (path.namespace() != null) {
            metadata.put("namespace", path.namespace());
        }
        metadata.put(
                "uid",
                UUID.nameUUIDFromBytes(path.object().getBytes(StandardCharsets.UTF_8))
                        .toString());
        metadata.put("creationTimestamp", "2026-01-01T00:00:00Z");
        metadata.put(
                "generation",
                before == null ? 1 : before.at("/metadata/generation").asLong());
        metadata.set("resourceVersion", before == null ? null : before.at("/metadata/resourceVersion"));
        if (after.equals(before)) {
            return after;
        }
        if (before != null && !after.path("spec").equals(before.path("spec"))) {
            metadata.put("generation", before.at("/metadata/generation").asLong() + 1);
        }
        metadata.put("resourceVersion", String.valueOf(++version));
        objects.put(path.object(), after);
        changed(new Change(version, before == null ? "ADDED" : "MODIFIED", path, after));
        return after;
    }

    synchronized void delete(PracticePath path) {
        ObjectNode gone = objects.remove(path.object());
        if (gone != null) {
            changed(new Change(++version, "DELETED", path, gone));
        }
    }

    /** Waits for the first change behind a version. */
    synchronized Change awaitAfter(long seen) throws InterruptedException {
        while (true) {
            for (Change change : changes) {
                if (change.version() > seen) {
                    return change;
                }
            }
            wait();
        }
    }

    private static List<String> fieldsBut(ObjectNode object, String one) {
        return object.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !name.equals(one))
                .toList();
    }

    /** Field by field, as when every writer has fields of its own; lists are replaced. */
    private static void merge(ObjectNode into, ObjectNode from) {
        for (Map.Entry<String, JsonNode> field : from.properties()) {
            if (field.getValue() instanceof ObjectNode more && into.get(field.getKey()) instanceof ObjectNode there) {
                merge(there, more);
            } else {
                into.set(field.getKey(), field.getValue());
            }
        }
    }

    private void changed(Change change) {
        changes.add(change);
        notifyAll();
    }
}
