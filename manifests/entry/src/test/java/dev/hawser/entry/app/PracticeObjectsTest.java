// SPDX-License-Identifier: Apache-2.0
package dev.hawser.entry.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class PracticeObjectsTest {
    private static final String OBJECT = "/apis/ipam.hawser.dev/v1alpha1/namespaces/hawser/ip/proxy";

    private final PracticeObjects objects = new PracticeObjects();

    private ObjectNode write(String path, String json, boolean whole) throws IOException {
        return objects.write(PracticePath.parse(path), (ObjectNode) new ObjectMapper().readTree(json), whole);
    }

    @Test
    void keepsSpecAndStatusApart() throws Exception {
        write(OBJECT, "{\"kind\":\"IP\",\"spec\":{\"a\":1},\"status\":{\"x\":1}}", false);
        ObjectNode told = write(OBJECT + "/status", "{\"spec\":{\"a\":2},\"status\":{\"y\":2}}", false);

        assertThat(told.at("/spec/a").asInt()).isEqualTo(1);
        assertThat(told.path("status")).hasToString("{\"y\":2}");
        assertThat(told.at("/metadata/generation").asInt()).isEqualTo(1);
    }

    @Test
    void tellsOnlyWhatChanges() throws Exception {
        ObjectNode first = write(OBJECT, "{\"spec\":{\"a\":1}}", false);
        ObjectNode same = write(OBJECT, "{\"spec\":{\"a\":1}}", false);
        ObjectNode other = write(OBJECT, "{\"spec\":{\"b\":1}}", false);

        assertThat(same).isEqualTo(first);
        assertThat(other.path("spec")).hasToString("{\"a\":1,\"b\":1}");
        assertThat(other.at("/metadata/generation").asInt()).isEqualTo(2);
        assertThat(write(OBJECT, "{\"spec\":{\"c\":1}}", true).path("spec")).hasToString("{\"c\":1}");
        assertThat(objects.awaitAfter(1).type()).isEqualTo("MODIFIED");
    }

    @Test
    void listsWhatIsInACollection() throws Exception {
        write(OBJECT, "{}", false);
        write("/api/v1/namespaces/hawser/services/proxy", "{}", false);
        write("/api/v1/namespaces/hawser", "{}", false);

        assertThat(objects.list(PracticePath.parse("/apis/ipam.hawser.dev/v1alpha1/ip"), null)
                        .path("items"))
                .hasSize(1);
        assertThat(objects.list(PracticePath.parse("/api/v1/namespaces/other/services"), null)
                        .path("items"))
                .isEmpty();
        assertThat(objects.list(PracticePath.parse("/api/v1/namespaces"), "hawser")
                        .path("items"))
                .hasSize(1);
        objects.delete(PracticePath.parse(OBJECT));
        assertThat(objects.get(PracticePath.parse(OBJECT))).isEmpty();
    }
}
