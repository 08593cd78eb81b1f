// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import dev.hawser.lab.LabException;
import dev.hawser.lab.process.ProcessParent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A set of hosts and links on this machine that vanishes as a whole.
 *
 * <p>{@link #close()} kills what runs on the hosts and lets their namespaces go; the end of the JVM does the same, and
 * after {@code kill -9} the kernel does it alone: children die with the thread that started them, a namespace with the
 * last thread in it, links with their namespaces. Only a folder for logs may then remain, which the next laboratory
 * removes. May be used from any thread that is not a virtual one.
 *
 * <pre>{@code
 * try (NetworkLab lab = NetworkLab.open("demo")) {
 *     Host node = lab.host("genoa");
 *     Host internet = lab.host("internet");
 *     lab.link(node, "eth0", internet, "genoa");
 *     node.address("eth0", "203.0.113.2/24");
 *     internet.address("genoa", "203.0.113.1/24");
 *     node.route("default", "203.0.113.1");
 * }
 * }</pre>
 */
public final class NetworkLab implements AutoCloseable {
    private static final String PREFIX = "hawser-lab-";
    private static final Pattern OWNED = Pattern.compile(Pattern.quote(PREFIX) + "(\\d+)-.*");

    private final String name;
    private final Path directory;
    private final boolean temporary;
    private final ProcessParent processes;
    private final List<Host> hosts = new CopyOnWriteArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread atExit;

    private NetworkLab(String name, Path directory, boolean temporary) {
        this.name = name;
        this.directory = directory;
        this.temporary = temporary;
        this.processes = new ProcessParent(directory);
        this.atExit = Thread.ofPlatform().name("lab-end-" + name).unstarted(this::release);
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /** A laboratory whose logs are in a temporary folder that goes with it. */
    public static NetworkLab open(String name) {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try {
            removeAbandoned(parent);
            String prefix = PREFIX + ProcessHandle.current().pid() + "-" + name + "-";
            return new NetworkLab(name, Files.createTempDirectory(parent, prefix), true);
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for laboratory \"" + name + "\" in " + parent, e);
        }
    }

    /** A laboratory whose logs stay in {@code directory}, which is made if it does not exist. */
    public static NetworkLab open(String name, Path directory) {
        try {
            return new NetworkLab(name, Files.createDirectories(directory), false);
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for laboratory \"" + name + "\" at " + directory, e);
        }
    }

    public String name() {
        return name;
    }

    /** The folder for logs and working files. */
    public Path directory() {
        return directory;
    }

    /** The hosts in the order they were made. */
    public List<Host> hosts() {
        return List.copyOf(hosts);
    }

    /** A new host: an empty network namespace whose loopback is up. */
    public Host host(String hostName) {
        Host host = Host.create(hostName, processes);
        hosts.add(host);
        host.up("lo");
        return host;
    }

    /**
     * A host that another process holds, to look at or to work on; it stays when this laboratory closes.
     *
     * @param namespace as {@link Host#namespace()} of the other process says
     */
    public Host attach(String hostName, Path namespace) {
        if (!Files.exists(namespace)) {
            throw new LabException("host \"" + hostName + "\" is gone: nothing holds " + namespace
                    + " any more; start its laboratory again");
        }
        Host host = Host.attach(hostName, namespace, processes);
        hosts.add(host);
        return host;
    }

    /**
     * Joins two hosts by a wire (a veth pair) and takes both ends up.
     *
     * @param end name of the interface on {@code host}, at most 15 characters
     * @param otherEnd name of the interface on {@code other}, at most 15 characters
     */
    public void link(Host host, String end, Host other, String otherEnd) {
        // Made from inside one host and directly into the other: the names never show in the root namespace, where
        // they could clash or set off whatever configures new interfaces there.
        host.run(
                "ip",
                "link",
                "add",
                Host.checkedName(end),
                "type",
                "veth",
                "peer",
                "name",
                Host.checkedName(otherEnd),
                "netns",
                other.namespace().toString());
        host.up(end);
        other.up(otherEnd);
    }

    /**
     * Joins two hosts by a wire that can do them wrong, and takes both ends up; it is closed with the laboratory.
     *
     * @param seed of what its faults hit
     */
    public FaultLink faultLink(Host host, String end, Host other, String otherEnd, long seed) {
        FaultLink link = FaultLink.between(host, end, other, otherEnd, seed);
        host.beforeRelease(link::close);
        return link;
    }

    /** Kills what runs on the hosts, lets the hosts go and removes the temporary folder; calling it again is no error. */
    @Override
    public void close() {
        release();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook itself is running, or about to find nothing to do.
        }
    }

    private void release() {
        if (closed.getAndSet(true)) {
            return;
        }
        List<RuntimeException> failures = new ArrayList<>();
        for (Host host : hosts.reversed()) {
            try {
                host.sayFarewell();
            } catch (RuntimeException e) {
                // The rest must go all the same.
                failures.add(e);
            }
        }
        processes.close();
        hosts.reversed().forEach(Host::release);
        if (temporary) {
            removeTree(directory);
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private static void removeAbandoned(Path parent) throws IOException {
        try (Stream<Path> entries = Files.list(parent)) {
            entries.filter(NetworkLab::abandoned).forEach(NetworkLab::removeTree);
        }
    }

    private static boolean abandoned(Path folder) {
        Matcher owned = OWNED.matcher(folder.getFileName().toString());
        return owned.matches()
                && ProcessHandle.of(Long.parseLong(owned.group(1))).isEmpty();
    }

    private static void removeTree(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) {
                    // Two laboratories may tidy up the same abandoned folder.
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("folder of a laboratory cannot be removed: " + folder, e);
        }
    }
}
