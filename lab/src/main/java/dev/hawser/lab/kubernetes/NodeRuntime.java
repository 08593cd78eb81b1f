// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import dev.hawser.lab.LabException;
import dev.hawser.lab.linux.SystemCalls;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Signal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * containerd and kubelet of a node in mount, pid, UTS and IPC namespaces of their own, so that the kernel takes them back
 * with every container and mount when their first process ends, as it does when this JVM is gone.
 */
final class NodeRuntime implements AutoCloseable {
    private static final KeptScript BOOT = new KeptScript("node", "boot.sh", List.of());
    private static final List<String> OWN_NAMESPACES = List.of(
            "unshare", "--mount", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc", "--uts", "--ipc", "--");
    // Some hundred containers end before the first process does.
    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    private final Host host;
    private final Path folder;
    private final NodePackages packages;
    private final ChildProcess process;

    private NodeRuntime(Host host, Path folder, NodePackages packages, ChildProcess process) {
        this.host = host;
        this.folder = folder;
        this.packages = packages;
        this.process = process;
    }

    /** Starts containerd and imports the images in {@code folder}; the kubelet waits for {@link #startKubelet()}. */
    static NodeRuntime boot(Host host, Path folder, NodePackages packages, List<String> arguments) {
        try {
            List<String> all = new ArrayList<>(OWN_NAMESPACES);
            all.addAll(List.of("bash", BOOT.extract("boot.sh", folder).toString(), folder.toString()));
            all.addAll(arguments);
            ChildProcess process = host.start("node", Command.of(all).with(packages.environment()));
            return new NodeRuntime(host, folder, packages, process);
        } catch (IOException e) {
            throw new UncheckedIOException("node on " + host + " cannot be started from " + folder, e);
        }
    }

    void startKubelet() {
        try {
            Files.createFile(folder.resolve("start-kubelet"));
        } catch (IOException e) {
            throw new UncheckedIOException("kubelet on " + host + " cannot be started", e);
        }
    }

    ChildProcess process() {
        return process;
    }

    /** The id, as this JVM sees it, of the first process of the namespaces. */
    long firstProcess() {
        return ProcessHandle.of(process.pid())
                .flatMap(parent -> parent.children().findFirst())
                .map(ProcessHandle::pid)
                .orElseThrow(() -> new LabException(process + " has ended; it said:\n" + process.logTail(20)));
    }

    void importImage(Path archive) {
        host.run(
                packages.ctr().toString(),
                "--address=/proc/" + firstProcess() + "/root/run/containerd/containerd.sock",
                "--namespace=k8s.io",
                "images",
                "import",
                archive.toAbsolutePath().toString());
    }

    /** Sends the end, and waits for it in {@link #close()}. */
    void kill() {
        if (process.alive()) {
            // Not the parent: it would be gone at once, and nobody could wait for the rest.
            ProcessHandle.of(process.pid())
                    .flatMap(parent -> parent.children().findFirst())
                    .ifPresentOrElse(
                            first -> SystemCalls.kill(first.pid(), Signal.KILL.number()),
                            () -> process.signal(Signal.KILL));
        }
    }

    /** Ends everything at once and waits until the kernel has let go of the last process. */
    @Override
    public void close() {
        kill();
        if (!process.awaitExit(END_LIMIT)) {
            throw new LabException(process + " does not end within " + END_LIMIT
                    + ": one of its processes hangs in the kernel; see /proc/" + firstProcess() + "/stack");
        }
    }
}
