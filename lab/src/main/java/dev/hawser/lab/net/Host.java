// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import dev.hawser.lab.LabException;
import dev.hawser.lab.linux.PinnedThread;
import dev.hawser.lab.linux.SystemCalls;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import dev.hawser.lab.process.ProcessParent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * A machine of the laboratory: one network namespace without a name, with what runs in it.
 *
 * <p>Held by a thread of this JVM that does nothing else (or, if attached, by another process). All methods may be
 * called from any platform thread. Addresses are texts as {@code ip} takes them: address/prefix.
 */
public final class Host {
    private static final int LONGEST_INTERFACE_NAME = 15;

    private final String name;
    private final Path namespace;
    private final @Nullable PinnedThread holder;
    private final ProcessParent processes;
    private final List<Runnable> farewells = new CopyOnWriteArrayList<>();

    private Host(String name, Path namespace, @Nullable PinnedThread holder, ProcessParent processes) {
        this.name = name;
        this.namespace = namespace;
        this.holder = holder;
        this.processes = processes;
    }

    static Host create(String name, ProcessParent processes) {
        PinnedThread holder = PinnedThread.start("lab-host-" + name);
        try {
            Path namespace = holder.call(() -> {
                SystemCalls.unshareNetwork();
                return SystemCalls.networkOfThisThread();
            });
            return new Host(name, namespace, holder, processes);
        } catch (Exception e) {
            holder.close();
            throw new LabException("host \"" + name + "\" gets no network namespace of its own: " + e.getMessage(), e);
        }
    }

    static Host attach(String name, Path namespace, ProcessParent processes) {
        return new Host(name, namespace, null, processes);
    }

    public String name() {
        return name;
    }

    /**
     * A view of another network namespace, such as that of a pod which runs on this host: somebody else holds it, and its
     * programs are started from the same laboratory.
     */
    public Host inside(String otherName, Path otherNamespace) {
        return new Host(otherName, otherNamespace, null, processes);
    }

    /** The namespace as a path that any process on the machine may open while this host exists. */
    public Path namespace() {
        return namespace;
    }

    /** A command prefix for people: what follows it runs on this host. */
    public String enterCommand() {
        return String.join(" ", entry());
    }

    /** Runs a program on this host to its end; an exit code other than 0 is a failure. */
    public Output run(String... arguments) {
        return run(Command.of(arguments)).orThrow();
    }

    /** Runs a program on this host to its end, whatever its exit code. */
    public Output run(Command command) {
        return processes.run(command.prefixedBy(entry()));
    }

    /** Has something ended when the laboratory closes, before its programs are killed; the youngest first. */
    public void beforeRelease(Runnable farewell) {
        farewells.addFirst(farewell);
    }

    /** Opens a port on the loopback of this JVM that leads to {@code port} on the loopback of this host. */
    public PortForward forwardPort(int port) {
        return PortForward.open(this, port);
    }

    /** A folder for the files of what runs on this host; it lives as long as the laboratory's. */
    public Path directory() {
        try {
            return Files.createDirectories(processes.directory().resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for files of " + this, e);
        }
    }

    /** Starts a program on this host that runs on; its log is named after host and program. */
    public ChildProcess start(Command command) {
        return start(command.program(), command);
    }

    /** Starts a program on this host that runs on, under a name of its own. */
    public ChildProcess start(String program, Command command) {
        return processes.start(name + "-" + program, command.prefixedBy(entry()));
    }

    /**
     * Runs {@code action} on a thread inside this host; sockets made there stay there, whoever uses them later.
     *
     * <p>A thread that the action starts is inside as well, and so is a carrier thread that starts because the action
     * wakes a virtual thread: start and wake none.
     */
    public <T> T call(Callable<T> action) throws Exception {
        if (Thread.currentThread().isVirtual()) {
            // Waking the caller from inside could clone a carrier thread into this host for ever.
            throw new IllegalStateException("call from a platform thread, not from a virtual one");
        }
        // A thread for each call: entering is cheap, and a thread that is kept would keep the namespace after its end.
        FutureTask<T> inside = new FutureTask<>(() -> {
            SystemCalls.enterNetwork(namespace);
            return action.call();
        });
        Thread.ofPlatform().daemon().name("lab-inside-" + name).start(inside);
        try {
            return inside.get();
        } catch (ExecutionException e) {
            throw PinnedThread.unwrap(e);
        }
    }

    /** Gives an interface an address; IPv6 addresses are usable at once (no duplicate detection). */
    public void address(String link, String cidr) {
        if (cidr.indexOf(':') >= 0) {
            run("ip", "address", "add", cidr, "dev", link, "nodad");
        } else {
            run("ip", "address", "add", cidr, "dev", link);
        }
    }

    /** Sends {@code destination} (a prefix or {@code default}) to the neighbour {@code via}. */
    public void route(String destination, String via) {
        // "default" alone does not say of which family.
        run("ip", via.indexOf(':') >= 0 ? "-6" : "-4", "route", "replace", destination, "via", via);
    }

    /** A bridge with an address of this host on it, up. */
    public void bridge(String bridge, String cidr) {
        run("ip", "link", "add", checkedName(bridge), "type", "bridge");
        address(bridge, cidr);
        up(bridge);
    }

    /** Makes an interface of this host a port of its bridge. */
    public void plug(String link, String bridge) {
        run("ip", "link", "set", link, "master", bridge);
    }

    public void up(String link) {
        run("ip", "link", "set", link, "up");
    }

    /** Takes an interface down, as if its cable were pulled; its routes go with it. */
    public void down(String link) {
        run("ip", "link", "set", link, "down");
    }

    /** Whether the host passes on IPv4 and IPv6 packets that are not for itself. */
    public void forward(boolean on) {
        sysctl("net/ipv4/ip_forward", on ? "1" : "0");
        if (Files.exists(Path.of("/proc/sys/net/ipv6"))) {
            sysctl("net/ipv6/conf/all/forwarding", on ? "1" : "0");
        }
    }

    /** Sets one of the kernel's settings that each network namespace has of its own. */
    public void sysctl(String key, String value) {
        if (!key.startsWith("net/")) {
            throw new IllegalArgumentException(
                    key + " is not a setting of a network namespace: it would change this machine");
        }
        try {
            // /proc/sys/net shows the namespace of the thread that opens it.
            call(() -> Files.writeString(Path.of("/proc/sys").resolve(key), value));
        } catch (Exception e) {
            throw new LabException("host \"" + name + "\" cannot set " + key + " to " + value, e);
        }
    }

    /** Loads an nftables ruleset into this host, in one transaction. */
    public void nft(String ruleset) {
        run(Command.of("nft", "-f", "-").reading(ruleset)).orThrow();
    }

    /**
     * Makes this host a NAT router as homes and offices have one: what leaves by {@code outside} gets that interface's
     * address, and from there only answers come in.
     */
    public void masquerade(String outside) {
        forward(true);
        nft("""
                table ip lab_nat {
                  chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    oifname "%1$s" masquerade
                  }
                  chain forward {
                    type filter hook forward priority filter; policy accept;
                    iifname "%1$s" ct state new,invalid drop
                  }
                }
                """.formatted(outside));
    }

    /**
     * Starts counting what passes one of this host's hooks.
     *
     * @param classes name of a class of packets to the nftables expression that matches it, tried in the given order
     */
    public TrafficCount count(TrafficCount.Hook hook, Map<String, String> classes) {
        return TrafficCount.install(this, hook, classes);
    }

    /** The counters that somebody, perhaps another process, put on a hook of this host before. */
    public TrafficCount counted(TrafficCount.Hook hook) {
        return TrafficCount.of(this, hook);
    }

    /** How the kernel of this host is set up to pass packets on. */
    public HostSnapshot snapshot() {
        return HostSnapshot.take(this);
    }

    @Override
    public String toString() {
        return "host " + name;
    }

    void sayFarewell() {
        farewells.forEach(Runnable::run);
    }

    void release() {
        PinnedThread held = holder;
        if (held != null) {
            held.close();
        }
    }

    static String checkedName(String link) {
        if (link.isEmpty() || link.length() > LONGEST_INTERFACE_NAME) {
            throw new IllegalArgumentException("interface name \"" + link + "\" has " + link.length()
                    + " characters; the kernel takes 1 to " + LONGEST_INTERFACE_NAME);
        }
        return link;
    }

    private List<String> entry() {
        return List.of("nsenter", "--net=" + namespace, "--");
    }
}
