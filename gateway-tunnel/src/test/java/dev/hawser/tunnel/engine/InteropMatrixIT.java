// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.tunnel.engine.Interop.Way;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our engine with two versions of wireguard-go, both ways round. The short form takes four ways that together have every value of
 * every property; the long one takes all sixteen, waits for a session that is replaced because it is old, and writes the table in
 * docs.
 */
@RequiresLab
class InteropMatrixIT {
    // A program may run for two minutes on a host, and this takes longer.
    private static final int HALVES = 2;
    private static final Duration OLD = Duration.ofMinutes(2);

    private static Path debian;
    private static Path newest;

    @BeforeAll
    static void find() throws Exception {
        StockPeer.installed("wg");
        debian = StockPeer.debian();
        newest = StockPeer.newest();
    }

    static Stream<Way> everyValue() {
        return Stream.of(
                new Way(false, true, true, 4),
                new Way(true, true, false, 6),
                new Way(true, false, true, 4),
                new Way(false, false, false, 6));
    }

    @ParameterizedTest
    @MethodSource("everyValue")
    void speaksWithWireGuardGo(Way way) throws Exception {
        try (Interop interop = new Interop(way, program(way))) {
            interop.awaitHandshake();
            interop.exchange();
            interop.compareWithWg();
            interop.theyChangePort();
            interop.weMove();
            if (!way.weCall()) {
                // Where we called, five seconds would have to pass.
                interop.rekey();
            }
        }
    }

    @Test
    @Tag("long")
    void speaksWithWireGuardGoInEveryWay() throws Exception {
        List<String> rows = new ArrayList<>();
        for (Way way : all()) {
            try (Interop interop = new Interop(way, program(way))) {
                interop.awaitHandshake();
                interop.exchange();
                interop.compareWithWg();
                interop.theyChangePort();
                interop.theyMove();
                interop.weMove();
                interop.rekey();
                interop.compareWithWg();
            }
            rows.add(row(way, "by our wish"));
        }
        for (Way way : List.of(new Way(true, true, true, 4), new Way(false, false, true, 6))) {
            try (Interop interop = new Interop(way, program(way))) {
                interop.awaitHandshake();
                awaitNaturalRekey(interop);
            }
            rows.add(row(way, "after 120 s of traffic, no packet lost"));
        }
        write(rows);
    }

    /** Ten packets per second over the age at which the initiator replaces a session. */
    private static void awaitNaturalRekey(Interop interop) {
        long before = interop.stock.show().handshake();
        String pings = String.valueOf(10 * (OLD.toSeconds() + 8) / HALVES);

        for (int half = 0; half < HALVES; half++) {
            String said = interop.ourHost
                    .run("ping", "-q", "-c", pings, "-i", "0.1", "10.93.2.1")
                    .stdout();

            assertThat(said).contains(" 0% packet loss");
        }
        assertThat(interop.stock.show().handshake() - before).isBetween(OLD.toSeconds() - 2, OLD.toSeconds() + 8);
    }

    private static List<Way> all() {
        List<Way> ways = new ArrayList<>();
        for (boolean newer : List.of(false, true)) {
            for (boolean weCall : List.of(true, false)) {
                for (boolean secret : List.of(false, true)) {
                    for (int outer : List.of(4, 6)) {
                        ways.add(new Way(newer, weCall, secret, outer));
                    }
                }
            }
        }
        return ways;
    }

    private static String row(Way way, String rekey) {
        return "| " + (way.newest() ? "newest" : "Debian's") + " | " + (way.weCall() ? "hawser" : "wireguard-go")
                + " | " + (way.secret() ? "yes" : "no") + " | IPv" + way.outer() + " | IPv4 and IPv6 | " + rekey + " |";
    }

    private static void write(List<String> rows) throws Exception {
        String text =
                """
                # Interoperability

                Our engine with `wireguard-go`, as `InteropMatrixIT` found it on %s; a row stands here because it passed. `make long` writes
                this page. Debian's is %s, the newest %s.

                In each row: handshake, a megabyte of TCP each way in both inner families with equal digests, the other side moved to
                another address and was followed, we moved and were followed, a new session was made, and `wg show` of both sides agreed
                (keys, preshared key, endpoint, ranges, last handshake, transfer).

                | wireguard-go | who calls | preshared key | underlay | overlay | rekey |
                |---|---|---|---|---|---|
                %s
                """.formatted(LocalDate.now(ZoneOffset.UTC), version(debian), version(newest), String.join("\n", rows));
        Files.writeString(Path.of("..", "docs", "interop.md"), text);
    }

    private static String version(Path program) throws Exception {
        Path note = program.resolveSibling("version");
        if (Files.exists(note)) {
            return Files.readString(note).strip();
        }
        Process asked = new ProcessBuilder(program.toString(), "--version").start();
        return new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .findFirst()
                .orElse("unknown");
    }

    private static Path program(Way way) {
        return way.newest() ? newest : debian;
    }
}
