// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Locale;

/** What a contender is watched at, to see what bounds its figures. */
enum ProxyLoad {
    BULK1("one stream", "bulk1"),
    BULK64("64 streams", "bulk64"),
    CONNECTS("tunnels opened and closed", "connect_rate"),
    TRIPS("round trips beside 9,000 idle tunnels", "echo_p50_9000");

    private final String title;
    private final String figure;

    ProxyLoad(String title, String figure) {
        this.title = title;
        this.figure = figure;
    }

    /** In a sentence. */
    String title() {
        return title;
    }

    /** The figure that it bounds. */
    String figure() {
        return figure;
    }

    /** Lets the contender do it for so long, and says what came out, for people. */
    String carry(Contender contender, Parties parties, long nanos) throws IOException {
        return switch (this) {
            case BULK1 ->
                said("%.1f Gbit/s", Bulk.carry(contender, parties, 1, nanos).gigabitsPerSecond());
            case BULK64 ->
                said("%.1f Gbit/s", Bulk.carry(contender, parties, 64, nanos).gigabitsPerSecond());
            case CONNECTS -> said("%.0f/s", Tunnels.openAndClose(contender, nanos) * 1e9 / nanos);
            case TRIPS -> said("%.0f us", trips(contender, nanos).p50Micros());
        };
    }

    private static Trips trips(Contender contender, long nanos) throws IOException {
        List<SocketChannel> open = Tunnels.open(contender, ProxyTurn.MANY + 1);
        try {
            return Trips.make(contender, open.getLast(), nanos);
        } finally {
            open.forEach(Tunnels::end);
        }
    }

    private static String said(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
