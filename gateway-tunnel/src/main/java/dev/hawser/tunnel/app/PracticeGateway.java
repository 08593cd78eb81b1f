// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.runtime.Build;
import dev.hawser.runtime.Launch;
import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.provider.AeadProviders;
import dev.hawser.tunnel.crypto.provider.Curves;
import dev.hawser.tunnel.kube.Checkpoint;
import dev.hawser.tunnel.kube.CheckpointFile;
import dev.hawser.tunnel.memory.MemoryPacketDevice;
import dev.hawser.tunnel.node.Commands;
import dev.hawser.tunnel.node.SystemCommands;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway as it starts for the run that trains the AOT cache: all of it but the device, which only root may open, and
 * the changes to the node, which nobody wants then. It plans, opens its port and dials its peers.
 */
public final class PracticeGateway {
    private static final Logger LOG = LoggerFactory.getLogger(PracticeGateway.class);

    private PracticeGateway() {}

    /**
     * What a gateway that starts again does until its first packet: it reads what the one that is running has kept, calls
     * programs, and shakes hands with a peer that answers.
     *
     * @param checkpoint where the gateway of this run keeps it
     */
    public static void startAgain(Path checkpoint) throws InterruptedException {
        CheckpointFile file =
                new CheckpointFile(Optional.of(checkpoint), Build.current().id());
        LOG.info(
                "a gateway that starts again has {}",
                file.read().map(Checkpoint::plan).isPresent() ? "a plan" : "no plan");
        LOG.info("a program ends with {}", new SystemCommands().run("", "true").exit());
        AeadProvider aead = AeadProviders.choose(AeadProviders.AUTO).provider();
        LOG.info("{} packets arrived at a peer", PracticePair.carry(aead, Curves.choose()));
    }

    /** Runs until the JVM ends. */
    public static void run() {
        Launch.run(
                "gateway",
                (settings, termination) -> GatewayMain.start(
                        settings,
                        termination,
                        () -> List.of(new MemoryPacketDevice("practice", GatewayMain.MTU)),
                        UnaryOperator.identity(),
                        (input, words) -> new Commands.Result(0, "", "")));
    }
}
