// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** curl, by hand: what the API is for somebody without a client. */
final class CurlClient {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String BASE = PeerAccess.SERVER + "/api/v1/namespaces/" + PeerAccess.NAMESPACE;
    private static final String WATCHED = "watched-by-curl";
    private static final int LARGE = 900 * 1024;
    private static final String NO_UPGRADES =
            "needs an upgraded connection, and curl knows none of the protocols on it";

    private final PeerAccess access;
    private final Path authority;

    CurlClient(PeerAccess access) throws IOException {
        this.access = access;
        this.authority = Files.writeString(access.folder().resolve("ca.crt"), access.certificateAuthority());
    }

    Client client() {
        String version = access.pod().run("curl", "--version").stdout().split(" ", 3)[1];
        return new Client(
                "curl " + version,
                "none",
                Map.of(
                        Feature.GET, this::get,
                        Feature.LOGS, this::logs,
                        Feature.WATCH, this::watch,
                        Feature.APPLY, this::apply),
                Stream.of(Feature.EXEC, Feature.ATTACH, Feature.CP, Feature.PORT_FORWARD)
                        .collect(Collectors.toMap(Function.identity(), feature -> NO_UPGRADES)));
    }

    private String get() {
        assertThat(run(BASE + "/configmaps/greeting")).contains("\"cluster\": \"" + PeerAccess.PEER + "\"");
        return PeerAccess.PEER;
    }

    private String logs() {
        String log = BASE + "/pods/" + PeerAccess.TOOLBOX + "/log?follow=true&tailLines=1";
        try (ChildProcess program = access.pod().start("curl-logs", command("--no-buffer", log))) {
            program.awaitLog("tick of " + PeerAccess.PEER, SOON);
            return "followed";
        }
    }

    private String watch() {
        String watch = BASE + "/configmaps?watch=true&timeoutSeconds=60";
        try (ChildProcess program = access.pod().start("curl-watch", command("--no-buffer", watch))) {
            program.awaitLog("\"greeting\"", SOON);
            access.peer("create", "configmap", WATCHED, "-n", PeerAccess.NAMESPACE);
            program.awaitLog("\"" + WATCHED + "\"", SOON);
            return "an event";
        } finally {
            access.peer("delete", "configmap", WATCHED, "-n", PeerAccess.NAMESPACE, "--ignore-not-found");
        }
    }

    private String apply() throws IOException {
        String name = "large-by-curl";
        String json =
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"%s\"},\"data\":{\"text\":\"%s\"}}"
                        .formatted(name, "a".repeat(LARGE));
        Path file = Files.writeString(access.folder().resolve(name + ".json"), json);
        try {
            run(
                    "--request",
                    "PATCH",
                    "--header",
                    "Content-Type: application/apply-patch+yaml",
                    "--data-binary",
                    "@" + file,
                    BASE + "/configmaps/" + name + "?fieldManager=curl");
            assertThat(run(BASE + "/configmaps/" + name)).contains("a".repeat(LARGE));
            return "there and back";
        } finally {
            access.peer("delete", "configmap", name, "-n", PeerAccess.NAMESPACE, "--ignore-not-found");
        }
    }

    private String run(String... arguments) {
        return access.pod().run(command(arguments)).orThrow().stdout();
    }

    private Command command(String... arguments) {
        List<String> words = new ArrayList<>(List.of("curl", "--silent", "--show-error", "--fail"));
        words.addAll(List.of("--proxy", access.proxy(), "--cacert", authority.toString()));
        words.addAll(List.of("--header", "Authorization: Bearer " + access.token()));
        words.addAll(List.of(arguments));
        return Command.of(words);
    }
}
