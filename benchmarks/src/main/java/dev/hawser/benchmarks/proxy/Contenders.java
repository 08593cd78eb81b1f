// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.lab.net.Host;
import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Everybody who takes part, with their settings: as they come, but that none keeps a cache, that all may have as many
 * tunnels as are asked for, and that each writes one line for every tunnel into a file, as ours does.
 *
 * @param host where all of it runs
 * @param packages an unpacked folder as {@code benchmarks/proxies/unpack.sh} makes it
 * @param ours the shipped proxy
 */
record Contenders(Host host, Path packages, ShippedProxy ours) {
    static final String DIRECT = "direct";
    static final String SQUID = "squid";
    static final String TINYPROXY = "tinyproxy";
    static final String HAPROXY = "haproxy";
    static final String OURS = "hawser";
    static final List<String> NAMES = List.of(DIRECT, SQUID, TINYPROXY, HAPROXY, OURS);

    static final String TARGET = "10.95.0.1";
    static final int TARGET_PORT = 443;
    static final String ADDRESS = "10.200.0.2";
    /** With as many descriptors as ours and the others need for the tunnels of {@link ProxyTurn}. */
    static final int DESCRIPTORS = 20_000;

    private static final String AUTHORITY = TARGET + ":" + TARGET_PORT;
    private static final String CONNECT = "CONNECT " + AUTHORITY + " HTTP/1.1\r\nHost: " + AUTHORITY + "\r\n\r\n";
    private static final String LEAST_PRIVILEGE = "13";

    /**
     * One of them, not started.
     *
     * @param series instances with different numbers do not disturb each other
     */
    Contender contender(String name, int series) {
        int port = 8000 + series * 100;
        return switch (name) {
            case DIRECT -> new Contender(name, socket(TARGET, TARGET_PORT), "", null);
            case SQUID -> proxy(name, port + 1, CONNECT, squid(port + 1));
            case TINYPROXY -> proxy(name, port + 2, CONNECT, tinyproxy(port + 2));
            case HAPROXY -> proxy(name, port + 3, "", haproxy(port + 3));
            case OURS -> proxy(name, port + 4, CONNECT, ours.command(port + 4, port + 5));
            default -> throw new IllegalArgumentException("nobody is called " + name);
        };
    }

    private Contender proxy(String name, int port, String head, Command command) {
        return new Contender(name, socket(ADDRESS, port), head, () -> host.start(name + "-" + port, command));
    }

    private Command squid(int port) {
        Path share = packages.resolve("root/usr/share");
        Path settings = settings("squid-" + port, """
                http_port %1$s:%2$d
                acl api port %3$d
                http_access allow CONNECT api
                http_access deny all
                max_filedescriptors %4$d
                cache deny all
                cache_mem 8 MB
                cache_store_log none
                cache_log /dev/null
                access_log stdio:%5$s/squid-access.log
                pid_filename none
                coredump_dir none
                pinger_enable off
                visible_hostname bench
                unlinkd_program %6$s/root/usr/lib/squid/unlinkd
                error_directory %7$s/squid-langpack/templates
                icon_directory %7$s/squid/icons
                mime_table %7$s/squid/mime.conf
                """.formatted(
                        ADDRESS, port, TARGET_PORT, DESCRIPTORS, host.directory(), packages, share));
        // It refuses to be root: in a user namespace it is not, and may read its files all the same.
        return program(
                "squid",
                List.of("unshare", "--user", "--map-user=" + LEAST_PRIVILEGE, "--map-group=" + LEAST_PRIVILEGE, "--"),
                List.of("-N", "-d", "1", "-f", settings.toString()));
    }

    private Command tinyproxy(int port) {
        Path settings =
                settings("tinyproxy-" + port, """
                Listen %s
                Port %d
                ConnectPort %d
                MaxClients %d
                Timeout 600
                LogLevel Connect
                LogFile "%s/tinyproxy.log"
                """.formatted(ADDRESS, port, TARGET_PORT, DESCRIPTORS, host.directory()));
        return program("tinyproxy", List.of(), List.of("-d", "-c", settings.toString()));
    }

    private Command haproxy(int port) {
        Path settings = settings("haproxy-" + port, """
                global
                  log stdout format raw local0
                  maxconn %d
                defaults
                  mode tcp
                  log global
                  option tcplog
                  timeout connect 5s
                  timeout client 1h
                  timeout server 1h
                listen api
                  bind %s:%d
                  server api %s
                """.formatted(DESCRIPTORS / 2 - 100, ADDRESS, port, AUTHORITY));
        return program("haproxy", List.of(), List.of("-db", "-f", settings.toString()));
    }

    private Command program(String name, List<String> prefix, List<String> arguments) {
        List<String> words = new ArrayList<>(prefix);
        words.add(packages.resolve("bin").resolve(name).toString());
        words.addAll(arguments);
        return Command.of(words).with("LD_LIBRARY_PATH", packages.resolve("lib").toString());
    }

    private Path settings(String name, String text) {
        try {
            return Files.writeString(host.directory().resolve(name + ".conf"), text);
        } catch (IOException e) {
            throw new UncheckedIOException("the settings of " + name + " cannot be written", e);
        }
    }

    private static InetSocketAddress socket(String address, int port) {
        return new InetSocketAddress(InetAddress.ofLiteral(address), port);
    }
}
