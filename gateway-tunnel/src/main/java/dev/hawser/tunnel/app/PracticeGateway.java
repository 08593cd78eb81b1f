// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.runtime.Launch;
import dev.hawser.tunnel.memory.MemoryPacketDevice;
import dev.hawser.tunnel.node.Commands;
import java.util.function.UnaryOperator;

/**
 * The gateway as it starts for the run that trains the AOT cache: all of it but the device, which only root may open, and
 * the changes to the node, which nobody wants then. It plans, opens its port and dials its peers.
 */
public final class PracticeGateway {
    private PracticeGateway() {}

    /** Runs until the JVM ends. */
    public static void run() {
        Launch.run(
                "gateway",
                (settings, termination) -> GatewayMain.start(
                        settings,
                        termination,
                        () -> new MemoryPacketDevice("practice", GatewayMain.MTU),
                        UnaryOperator.identity(),
                        (input, words) -> new Commands.Result(0, "", "")));
    }
}
