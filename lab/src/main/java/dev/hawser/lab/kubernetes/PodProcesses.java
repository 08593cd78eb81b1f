// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import dev.hawser.lab.LabException;
import dev.hawser.lab.linux.ControlGroup;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Finds the processes of pods from outside their node: by the cgroups of containers, which carry their ids. Works in any
 * JVM on the machine, not only in the one that runs the cluster. May be used from several threads.
 */
public final class PodProcesses {
    private static final String PAUSE = "pause";

    private final String controlGroup;
    private final KubernetesClient client;

    /**
     * @param controlGroup as {@link Cluster#controlGroup()} says
     * @param client of the cluster, used but not closed
     */
    public PodProcesses(String controlGroup, KubernetesClient client) {
        this.controlGroup = controlGroup;
        this.client = client;
    }

    /** The id, as this JVM sees it, of the process that a running container consists of, and that its end would end. */
    public long containerPid(String namespace, String pod, String container) {
        ContainerStatus status = containers(find(namespace, pod))
                .filter(candidate -> candidate.getName().equals(container))
                .findFirst()
                .orElseThrow(() -> new LabException("pod " + namespace + "/" + pod + " has no container " + container));
        String id = status.getContainerID();
        if (id == null) {
            throw new LabException("container " + container + " of pod " + namespace + "/" + pod
                    + " was never started: " + status.getState());
        }
        String cgroup = id.substring(id.lastIndexOf('/') + 1);
        return first(cgroup, "")
                .orElseThrow(() -> new LabException("container " + container + " of pod " + namespace + "/" + pod
                        + " does not run: no process in a cgroup " + cgroup + " of " + controlGroup));
    }

    /** The network namespace of a pod as a path, good as long as the pod lives, whatever its containers do. */
    public Path namespace(String namespace, String pod) {
        String cgroup = "pod" + find(namespace, pod).getMetadata().getUid();
        long pause = first(cgroup, PAUSE)
                .orElseThrow(() -> new LabException("pod " + namespace + "/" + pod + " does not run: no process "
                        + PAUSE + " in a cgroup " + cgroup + " of " + controlGroup));
        return Path.of("/proc", Long.toString(pause), "ns/net");
    }

    /** The lowest process id that is the first of its own namespace, of all in a cgroup and below. */
    private OptionalLong first(String cgroup, String program) {
        return ControlGroup.find(controlGroup, cgroup)
                .map(ControlGroup::processes)
                .orElseGet(LongStream::empty)
                .filter(pid -> isFirstOfItsNamespace(pid) && runs(pid, program))
                .sorted()
                .findFirst();
    }

    private Pod find(String namespace, String name) {
        Pod pod = client.pods().inNamespace(namespace).withName(name).get();
        if (pod == null) {
            throw new LabException("pod " + namespace + "/" + name + " does not exist");
        }
        return pod;
    }

    private static Stream<ContainerStatus> containers(Pod pod) {
        return Stream.of(
                        pod.getStatus().getContainerStatuses(),
                        pod.getStatus().getInitContainerStatuses(),
                        pod.getStatus().getEphemeralContainerStatuses())
                .flatMap(List::stream);
    }

    /** Whether no other process of its container came before: what exec starts there has higher numbers. */
    private static boolean isFirstOfItsNamespace(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.anyMatch(line -> line.startsWith("NSpid:") && line.endsWith("\t1"));
        } catch (IOException e) {
            // It has ended meanwhile.
            return false;
        }
    }

    private static boolean runs(long pid, String program) {
        try {
            return program.isEmpty()
                    || Files.readString(Path.of("/proc", Long.toString(pid), "comm"))
                            .strip()
                            .equals(program);
        } catch (IOException e) {
            return false;
        }
    }
}
