// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What other processes may know of a running demo; the supervisor writes it, commands read it.
 *
 * @param phase how far it is
 * @param message why it failed
 * @param supervisor process id of the owner of everything
 * @param kubectl path of a kubectl
 * @param hosts path of each host's network namespace, by name
 * @param clusters the clusters
 */
public record DemoState(
        Phase phase,
        @Nullable String message,
        long supervisor,
        @Nullable String kubectl,
        Map<String, String> hosts,
        List<Cluster> clusters) {
    /** How far a demo is. */
    public enum Phase {
        STARTING,
        READY,
        FAILED
    }

    /**
     * A running cluster.
     *
     * @param id cluster ID
     * @param server URL of its API server for the operator
     * @param certificateAuthority of its API server, PEM
     * @param kubeconfig an administrator's, for the operator
     * @param nodeAddress of its node, in its own networks
     * @param crds folder of the custom resource definitions, as {@code kubectl -k} takes it
     * @param overlay folder of everything else that is installed
     * @param before file with what the node was like before that
     * @param processes process ids by the name of the program
     * @param pods the demo's own pods
     */
    public record Cluster(
            String id,
            String server,
            String certificateAuthority,
            String kubeconfig,
            String nodeAddress,
            String crds,
            String overlay,
            String before,
            Map<String, Long> processes,
            List<Pod> pods) {
        public Cluster {
            processes = Map.copyOf(processes);
            pods = List.copyOf(pods);
        }

        /** The process id of a program of this cluster. */
        public long process(String program) {
            Long pid = processes.get(program);
            if (pid == null) {
                throw new IllegalArgumentException(id + " runs no \"" + program + "\"; it runs " + processes.keySet());
            }
            return pid;
        }

        /** One of the demo's own pods. */
        public Pod pod(String name) {
            return pods.stream()
                    .filter(pod -> pod.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException(id + " has no pod \"" + name + "\""));
        }
    }

    /**
     * A pod that is there as long as the demo.
     *
     * @param addresses its own, as its cluster knows it: IPv4, then IPv6
     * @param process main process of its container, by its id on this machine
     */
    public record Pod(String name, List<String> addresses, long process) {
        public Pod {
            addresses = List.copyOf(addresses);
        }
    }

    public DemoState {
        hosts = Map.copyOf(hosts);
        clusters = List.copyOf(clusters);
    }

    /** The namespace of a host. */
    public Path namespace(String host) {
        String path = hosts.get(host);
        if (path == null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "the demo has no host \"" + host + "\"",
                    "it has "
                            + String.join(", ", hosts.keySet().stream().sorted().toList()) + ".");
        }
        return Path.of(path);
    }
}
