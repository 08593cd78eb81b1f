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
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

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
            for (Exposure exposure : read(object)) {
                exposures.add(exposure);
                if (Boolean.TRUE.equals(object.getSpec().masquerade())) {
                    masqueraded.add(exposure.local());
                }
            }
        } catch (IllegalArgumentException e) {
            problems.accept("IP " + name(object) + ": " + e.getMessage());
        }
    }

    /** One of each family; nothing while it has no address, and for what nobody may reach: a node is a source only. */
    private static List<Exposure> read(IP object) {
        IPStatus status = object.getStatus();
        boolean reachable =
                !object.getSpec().peers().isEmpty() && object.getSpec().nodeRef() == null;
        if (status == null || !reachable) {
            return List.of();
        }
        // The verdict is the controller's; the address may still stand in the status from before.
        Conditions conditions = Conditions.of(status.conditions());
        if (conditions.holds("Refused") || conditions.holds("Conflict")) {
            return List.of();
        }
        List<Exposure> exposures = new ArrayList<>();
        for (IpAddress external : addresses(status.externalIP(), status.externalIPs())) {
            addresses(status.ip(), status.ips()).stream()
                    .filter(local -> local.family() == external.family())
                    .findFirst()
                    .map(local -> exposure(object, local, external))
                    .ifPresent(exposures::add);
        }
        return exposures;
    }

    /** A controller that knew one family only wrote the first address alone. */
    private static List<IpAddress> addresses(@Nullable String first, List<String> all) {
        List<String> texts = all.isEmpty() && first != null ? List.of(first) : all;
        return texts.stream().map(IpAddress::parse).toList();
    }

    private static Exposure exposure(IP object, IpAddress local, IpAddress external) {
        return new Exposure(
                name(object),
                local,
                external,
                object.getSpec().ports().stream().map(ExposurePlanner::filter).toList(),
                Set.copyOf(object.getSpec().peers()));
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
