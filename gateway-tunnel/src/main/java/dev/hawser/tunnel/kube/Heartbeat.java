// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This gateway's sign of life: it renews its Lease every second, after what is due was written into the Connections. A
 * gateway that was killed cannot say that its Connections are none any more; the controller says it when the Lease is no
 * longer renewed. Confined to one thread.
 */
final class Heartbeat {
    private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);
    private static final long INTERVAL = Duration.ofSeconds(1).toNanos();
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final KubernetesClient client;
    private final ObjectNames names;
    private boolean begun;
    private long nextAt;
    private boolean failing;

    Heartbeat(KubernetesClient client, ObjectNames names) {
        this.client = client;
        this.names = names;
    }

    /** Renews the Lease if it is time to. */
    void beat(long now) {
        if (begun && now - nextAt < 0) {
            return;
        }
        begun = true;
        nextAt = now + INTERVAL;
        String spec = "{\"spec\":{\"holderIdentity\":\"" + names.pod()
                + "\",\"leaseDurationSeconds\":3,\"renewTime\":\"" + MICROSECONDS.format(Instant.now()) + "\"}}";
        try {
            client.leases()
                    .inNamespace(names.nodeNamespace())
                    .withName(ObjectNames.LEASE)
                    .patch(MERGE, spec);
            failing = false;
        } catch (KubernetesClientException e) {
            if (!failing) {
                LOG.warn(
                        "Lease {}/{} cannot be renewed, so the controller will take this gateway for dead: {}",
                        names.nodeNamespace(),
                        ObjectNames.LEASE,
                        e.getMessage());
            }
            failing = true;
        }
    }
}
