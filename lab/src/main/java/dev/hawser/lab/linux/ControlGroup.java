// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.linux;

import dev.hawser.lab.LabException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * A control group (cgroup) of this JVM at the root of every hierarchy of the machine: the one of version 2, or each of
 * version 1. Its child {@link #DAEMONS} is for the programs that put others into groups of their own.
 *
 * <p>The kernel keeps a group when its processes are gone. {@link #close()} removes it; after {@code kill -9} the name
 * still tells whose it was, and {@link #removeAbandoned()} of a later JVM removes it. May be used from any thread.
 */
public final class ControlGroup implements AutoCloseable {
    /** The child group for daemons. */
    public static final String DAEMONS = "daemons";

    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final String PREFIX = "hawser-lab-";
    private static final Pattern OWNED = Pattern.compile(Pattern.quote(PREFIX) + "(\\d+)-.*");
    private static final AtomicInteger SEQUENCE = new AtomicInteger();
    // Eight times the weight of a process that is in no group: version 1 and version 2.
    private static final Map<String, String> WEIGHTS = Map.of("cpu.shares", "8192", "cpu.weight", "800");
    private static final List<String> CPUSET = List.of("cpuset.cpus", "cpuset.mems");
    // What a kubelet demands below its root, and io; version 2 hands a controller down only where it is asked for.
    private static final List<String> CONTROLLERS = List.of("cpu", "cpuset", "hugetlb", "io", "memory", "pids");
    private static final String HANDED_DOWN = "cgroup.subtree_control";
    private static final int DEEPEST = 8;
    private static final Duration REMOVAL_LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(10);

    private final String name;
    private final List<Path> hierarchies;
    private final List<String> enabledHere;

    private ControlGroup(String name, List<Path> hierarchies, List<String> enabledHere) {
        this.name = name;
        this.hierarchies = List.copyOf(hierarchies);
        this.enabledHere = List.copyOf(enabledHere);
    }

    /**
     * Makes a new group.
     *
     * @param purpose part of the name, for people
     */
    public static ControlGroup create(String purpose) {
        String readable = purpose.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        String name = PREFIX + ProcessHandle.current().pid() + "-" + SEQUENCE.incrementAndGet() + "-" + readable;
        List<Path> hierarchies = hierarchies();
        if (hierarchies.isEmpty()) {
            throw new LabException("no cgroups below " + ROOT + "; a node needs them mounted and writable");
        }
        try {
            List<String> enabled = new ArrayList<>();
            for (Path hierarchy : hierarchies) {
                Path group = Files.createDirectory(hierarchy.resolve(name));
                if (isVersion2(hierarchy)) {
                    enabled.addAll(handDown(hierarchy));
                    handDown(group);
                }
                weigh(group);
                inheritCpuset(group);
                inheritCpuset(Files.createDirectory(group.resolve(DAEMONS)));
            }
            return new ControlGroup(name, hierarchies, enabled);
        } catch (IOException e) {
            throw new LabException(
                    "cgroup " + name + " cannot be made: " + e.getMessage() + "; are the hierarchies below " + ROOT
                            + " writable?",
                    e);
        }
    }

    /** Removes groups whose JVM is gone; what cannot be removed stays, for the next. */
    public static void removeAbandoned() {
        for (Path hierarchy : hierarchies()) {
            try (Stream<Path> groups = Files.list(hierarchy)) {
                groups.filter(ControlGroup::abandoned).forEach(ControlGroup::remove);
            } catch (IOException e) {
                throw new UncheckedIOException("cgroups cannot be listed: " + hierarchy, e);
            }
        }
    }

    /** The name, which is the path of the group below the root of each hierarchy. */
    public String name() {
        return name;
    }

    /** The folder of the group {@code below} the one of that name, however deep; nothing if there is none. */
    public static Optional<Path> find(String name, String below) {
        for (Path hierarchy : hierarchies()) {
            Path group = hierarchy.resolve(name);
            if (Files.isDirectory(group)) {
                try (Stream<Path> groups = Files.find(
                        group, DEEPEST, (path, attributes) -> attributes.isDirectory() && path.endsWith(below))) {
                    Optional<Path> found = groups.findFirst();
                    if (found.isPresent()) {
                        return found;
                    }
                } catch (IOException | UncheckedIOException e) {
                    // A group went while it was walked; another hierarchy may still have the one that is wanted.
                }
            }
        }
        return Optional.empty();
    }

    /** The ids of the processes in the group at {@code folder} and in those below it. */
    public static LongStream processes(Path folder) {
        try (Stream<Path> groups = Files.find(folder, DEEPEST, (path, attributes) -> path.endsWith("cgroup.procs"))) {
            List<String> ids = new ArrayList<>();
            for (Path members : groups.toList()) {
                ids.addAll(Files.readAllLines(members));
            }
            return ids.stream().mapToLong(Long::parseLong);
        } catch (IOException | UncheckedIOException e) {
            return LongStream.empty();
        }
    }

    /** Removes the group with all below it, as soon as its last process has ended. */
    @Override
    public void close() {
        long deadline = System.nanoTime() + REMOVAL_LIMIT.toNanos();
        for (Path hierarchy : hierarchies) {
            Path group = hierarchy.resolve(name);
            while (!remove(group)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new LabException("cgroup " + group + " cannot be removed: processes "
                            + processes(group).boxed().toList() + " are in it");
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
        // The last one out switches off what the first one switched on; the kernel refuses while somebody uses it.
        enabledHere.forEach(controller -> control(ROOT, "-" + controller));
    }

    @Override
    public String toString() {
        return "cgroup " + name;
    }

    private static List<Path> hierarchies() {
        if (isVersion2(ROOT)) {
            return List.of(ROOT);
        }
        try (Stream<Path> folders = Files.list(ROOT)) {
            // Links are other names of a hierarchy with several controllers.
            return folders.filter(folder -> Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                            && Files.exists(folder.resolve("cgroup.procs")))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static boolean isVersion2(Path hierarchy) {
        return Files.exists(hierarchy.resolve("cgroup.controllers"));
    }

    /** Hands down the controllers that {@code group} has and does not hand down yet, and says which. */
    private static List<String> handDown(Path group) throws IOException {
        List<String> present = words(group.resolve("cgroup.controllers"));
        List<String> already = words(group.resolve(HANDED_DOWN));
        return CONTROLLERS.stream()
                .filter(controller -> present.contains(controller) && !already.contains(controller))
                .filter(controller -> control(group, "+" + controller))
                .toList();
    }

    private static boolean control(Path group, String change) {
        try {
            Files.writeString(group.resolve(HANDED_DOWN), change);
            return true;
        } catch (IOException e) {
            // A node without one controller may work; if not, its kubelet says which one it misses.
            return false;
        }
    }

    private static List<String> words(Path file) throws IOException {
        return List.of(Files.readString(file).strip().split("\\s+"));
    }

    /** A group stands for a dozen programs; by default it would get as much of a processor as any one beside it. */
    private static void weigh(Path group) throws IOException {
        for (var weight : WEIGHTS.entrySet()) {
            if (Files.exists(group.resolve(weight.getKey()))) {
                Files.writeString(group.resolve(weight.getKey()), weight.getValue());
            }
        }
    }

    /** A new group of version 1 may use no processor and no memory until it is told which. */
    private static void inheritCpuset(Path group) throws IOException {
        for (String file : CPUSET) {
            if (!isVersion2(group) && Files.exists(group.resolve(file))) {
                Path inherited = group.resolveSibling(file);
                Files.writeString(group.resolve(file), Files.readString(inherited));
            }
        }
    }

    private static boolean abandoned(Path group) {
        Matcher owned = OWNED.matcher(group.getFileName().toString());
        return owned.matches()
                && ProcessHandle.of(Long.parseLong(owned.group(1))).isEmpty();
    }

    private static boolean remove(Path group) {
        if (!Files.exists(group)) {
            return true;
        }
        // The files in a group belong to the kernel and go with it: only folders are removed.
        try (Stream<Path> groups = Files.find(group, DEEPEST, (path, attributes) -> attributes.isDirectory())) {
            for (Path folder : groups.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(folder);
            }
            return true;
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
