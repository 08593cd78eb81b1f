// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

/** What people do with an API server. */
public enum Feature {
    GET("get"),
    LOGS("logs -f"),
    EXEC("exec"),
    ATTACH("attach"),
    CP("cp"),
    PORT_FORWARD("port-forward"),
    WATCH("watch"),
    APPLY("apply of 900 KB");

    private final String title;

    Feature(String title) {
        this.title = title;
    }

    /** Head of a column. */
    String title() {
        return title;
    }
}
