// SPDX-License-Identifier: Apache-2.0
package dev.hawser.entry.app;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A path of the Kubernetes API, taken apart.
 *
 * @param group what all paths of an API group and version begin with, such as {@code /apis/apps/v1}
 * @param namespace null for what has none, and for a collection over all of them
 * @param resource the plural of the kind
 * @param name null for a collection
 * @param subresource what is behind the name
 */
record PracticePath(
        String group,
        @Nullable String namespace,
        String resource,
        @Nullable String name,
        @Nullable String subresource) {
    private static final String NAMESPACES = "namespaces";

    static PracticePath parse(String path) {
        List<String> words = Arrays.asList(path.substring(1).split("/", -1));
        int rest = words.getFirst().equals("api") ? 2 : 3;
        String group = "/" + String.join("/", words.subList(0, Math.min(rest, words.size())));
        String namespace = null;
        if (words.size() > rest + 2 && words.get(rest).equals(NAMESPACES)) {
            namespace = words.get(rest + 1);
            rest += 2;
        }
        String resource = words.size() > rest ? words.get(rest) : "";
        return new PracticePath(group, namespace, resource, at(words, rest + 1), at(words, rest + 2));
    }

    private static @Nullable String at(List<String> words, int index) {
        return index < words.size() ? words.get(index) : null;
    }

    /** The object itself, whatever subresource of it is meant. */
    String object() {
        return group + (namespace == null ? "" : "/" + NAMESPACES + "/" + namespace) + "/" + resource + "/" + name;
    }

    boolean isCollection() {
        return name == null;
    }

    boolean isStatus() {
        return "status".equals(subresource);
    }

    /** The same path with the name of an object in this collection. */
    PracticePath named(String object) {
        return new PracticePath(group, namespace, resource, object, null);
    }

    /** Whether an object is in this collection. */
    boolean holds(PracticePath object) {
        return group.equals(object.group)
                && resource.equals(object.resource)
                && (namespace == null || Objects.equals(namespace, object.namespace));
    }
}
