// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.PortRule;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.route.Exposure;
import dev.hawser.tunnel.route.PortFilter;
import dev.hawser.tunnel.route.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Reads IP objects. Pure. */
final class ExposurePlanner {
    private final Consumer<String> problems;
    private final List<Exposure> exposures = new ArrayList<>();
    private final List<IpAddress> masqueraded = new ArrayList<>();

    ExposurePlanner(List<IP> objects, Consumer<String> problems) {
        this.problems = problems;
        objects.stream().sorted(Comparator.comparing(ExposurePlanner::name)).forEach(this::add);
    }

    List<Exposure> exposures() {
        return List.copyOf(exposures);
    }

    /** The local addresses whose objects ask for hidden sources. */
    List<IpAddress> masqueraded() {
        return List.copyOf(masqueraded);
    }

    private void add(IP object) {
        try {
            read(object).ifPresent(exposure -> {
                exposures.add(exposure);
                if (Boolean.TRUE.equals(object.getSpec().masquerade())) {
                    masqueraded.add(exposure.local());
                }
            });
        } catch (IllegalArgumentException e) {
            problems.accept("IP " + name(object) + ": " + e.getMessage());
        }
    }

    /** Nothing while it has no address, and for what nobody may reach: a node is a source only. */
    private static Optional<Exposure> read(IP object) {
        IPStatus status = object.getStatus();
        boolean reachable =
                !object.getSpec().peers().isEmpty() && object.getSpec().nodeRef() == null;
        if (status == null || status.ip() == null || status.externalIP() == null || !reachable) {
            return Optional.empty();
        }
        // The verdict is the controller's; the address may still stand in the status from before.
        Conditions conditions = Conditions.of(status.conditions());
        if (conditions.holds("Refused") || conditions.holds("Conflict")) {
            return Optional.empty();
        }
        return Optional.of(new Exposure(
                name(object),
                IpAddress.parse(status.ip()),
                IpAddress.parse(status.externalIP()),
                object.getSpec().ports().stream().map(ExposurePlanner::filter).toList(),
                Set.copyOf(object.getSpec().peers())));
    }

    private static PortFilter filter(PortRule rule) {
        Protocol protocol = switch (rule.protocol()) {
            case TCP -> Protocol.TCP;
            case UDP -> Protocol.UDP;
            case SCTP -> Protocol.SCTP;
        };
        return new PortFilter(protocol, rule.port());
    }

    private static String name(IP object) {
        return object.getMetadata().getNamespace() + "/" + object.getMetadata().getName();
    }
}
