// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.cli.demo.DemoState;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod of the demo, entered from outside: its API server need not be there for that.
 *
 * @param state what is known of it
 * @param host its network
 */
record DemoPod(DemoState.Pod state, Host host) {
    /** Where the pod's own programs are, as a PATH inside. */
    private static final String PROGRAMS = "/bin:/kubebox";

    /** Its first address. */
    String address() {
        return state.addresses().getFirst();
    }

    /** Its address of a family. */
    String address(Family family) {
        return state.addresses().stream()
                .filter(address -> IpAddress.parse(address).family() == family)
                .findFirst()
                .orElseThrow(() -> new CheckFailedException(
                        "pod " + state.name() + " has no address of " + family + ", only " + state.addresses()));
    }

    /** Runs one of the pod's own programs among its own files, whatever its exit code. */
    Output run(String... command) {
        return host.run(inside(List.of(command)));
    }

    /** Starts one of the pod's own programs among its own files. */
    ChildProcess start(String name, String... command) {
        return host.start(name, inside(List.of(command)));
    }

    private Command inside(List<String> command) {
        List<String> all = new ArrayList<>(List.of("nsenter", "--mount=/proc/" + state.process() + "/ns/mnt", "--"));
        // The path is searched inside, by env, whose own place is known.
        all.addAll(List.of("/bin/env", "-i", "PATH=" + PROGRAMS, "HOME=/tmp", "KUBECONFIG=/tmp/peer.kubeconfig"));
        all.addAll(command);
        return Command.of(all);
    }
}
