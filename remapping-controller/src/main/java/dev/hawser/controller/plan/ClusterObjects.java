// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.ipam.AddressIntent;
import dev.hawser.api.ipam.BlockIntent;
import dev.hawser.api.ipam.IPSpec;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.PoolSpec;
import dev.hawser.api.ipam.ReleasedAddress;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.ExposureAdvertisement;
import dev.hawser.api.networking.FormerRange;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Reservation;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All objects of a cluster that say what an address is, as they stand at one moment: for answers to people, from the very
 * objects by which controller and gateway work. Immutable.
 *
 * @param pool the Pool of remapped ranges; empty if there is none
 * @param intents what it promises
 * @param nodes addresses of the Nodes
 * @param services addresses of Services, as far as whoever asks may list them
 */
public record ClusterObjects(
        OwnCluster own,
        Optional<PoolSpec> pool,
        List<BlockIntent> intents,
        List<BlockPlan.Claim> networks,
        List<Peer> peers,
        List<Exposure> exposures,
        List<Reservation> nodes,
        List<Reservation> services) {
    /** Copies the lists. */
    public ClusterObjects {
        intents = List.copyOf(intents);
        networks = List.copyOf(networks);
        peers = List.copyOf(peers);
        exposures = List.copyOf(exposures);
        nodes = List.copyOf(nodes);
        services = List.copyOf(services);
    }

    /**
     * A peer.
     *
     * @param configuration the status of its Configuration, which is what the gateway goes by
     */
    public record Peer(
            PeeringSpec spec,
            @Nullable PeeringStatus status,
            @Nullable ConfigurationStatus configuration) {
        /** Its cluster ID. */
        public String clusterID() {
            return spec.clusterID();
        }

        /** How its pod ranges are named here. */
        public RangeNames pods() {
            return names(RemappedRanges::podCIDRs);
        }

        /** How its external ranges are named here. */
        public RangeNames externals() {
            return names(RemappedRanges::externalCIDRs);
        }

        /** What it told us last; empty before it told anything. */
        public Optional<LearnedAdvertisement> learned() {
            return Optional.ofNullable(status).map(PeeringStatus::advertised);
        }

        /** How it names our pod ranges; empty before it told. */
        public Optional<RangeNames> ourPods() {
            return learned().map(LearnedAdvertisement::remapOfUs).map(names -> RangeNames.of(names.podCIDRs()));
        }

        /** How it names our external ranges; empty before it told. */
        public Optional<RangeNames> ourExternals() {
            return learned().map(LearnedAdvertisement::remapOfUs).map(names -> RangeNames.of(names.externalCIDRs()));
        }

        /** What it exposes at a true address of its own. */
        public Optional<ExposureAdvertisement> exposureAt(IpAddress truth) {
            String text = truth.toString();
            return learned().stream()
                    .flatMap(told -> told.exposures().stream())
                    .filter(exposure -> exposure.address().equals(text)
                            || exposure.addresses().contains(text))
                    .findFirst();
        }

        /** Where its API server proxy is, in true addresses. */
        public Optional<ProxyAddress> proxy() {
            return learned().map(LearnedAdvertisement::proxy).or(() -> Optional.ofNullable(spec.proxy()));
        }

        /** Until when a true range that it has left is still served. */
        public Optional<String> servedUntil(Cidr truth) {
            return Optional.ofNullable(configuration).stream()
                    .flatMap(names -> names.formerRanges().stream())
                    .filter(former -> former.cidr().equals(truth.toString()))
                    .map(FormerRange::until)
                    .findFirst();
        }

        private RangeNames names(Function<RemappedRanges, List<RemappedRange>> role) {
            return RangeNames.of(Optional.ofNullable(configuration)
                    .map(ConfigurationStatus::remote)
                    .map(role)
                    .orElse(List.of()));
        }
    }

    /** An IP object. */
    public record Exposure(
            String namespace,
            String name,
            IPSpec spec,
            @Nullable IPStatus status) {
        /** The object, as a person would look it up. */
        public String object() {
            return "IP " + namespace + "/" + name;
        }

        /** Local and external addresses, one pair of each family; none if a hand made them unreadable. */
        public List<ExposedAddress> addresses() {
            try {
                return status == null ? List.of() : ExposedAddress.recorded(status);
            } catch (AddressException editedByHand) {
                return List.of();
            }
        }

        /** Why the gateway lets nobody through to it, although it may have an address; empty if it does. */
        public Optional<String> closed() {
            Conditions conditions = conditions();
            if (conditions.holds("Refused") || conditions.holds("Conflict")) {
                return Optional.of(conditions
                        .find("Ready")
                        .map(Condition::getMessage)
                        .orElse("it is refused, or in conflict with another one"));
            }
            return spec.peers().isEmpty() ? Optional.of("its spec.peers admits nobody") : Optional.empty();
        }

        /** What its Ready condition says. */
        public Optional<String> readiness() {
            return conditions().find("Ready").map(Condition::getMessage);
        }

        private Conditions conditions() {
            return Conditions.of(status == null ? List.of() : status.conditions());
        }
    }

    /** What is in use besides what the Networks say. */
    public BlockPlan.InUse inUse() {
        List<Reservation> all = new ArrayList<>(own.reservations());
        all.addAll(nodes);
        return new BlockPlan.InUse(all, own.routes());
    }

    /** The status of the Network of one of our external CIDRs. */
    public Optional<NetworkStatus> external(Cidr cidr) {
        String name = ObjectNames.externalNetwork(cidr);
        return networks.stream()
                .filter(network -> network.name().equals(name))
                .findFirst()
                .map(BlockPlan.Claim::status);
    }

    /** What an external CIDR promises to IPs that do not record it yet. */
    public List<AddressIntent> promised(Cidr external) {
        return external(external).map(NetworkStatus::intents).orElse(List.of());
    }

    /** What of an external CIDR nobody has any more, and nobody gets for a while. */
    public List<ReleasedAddress> released(Cidr external) {
        return external(external).map(NetworkStatus::released).orElse(List.of());
    }

    /** A peer by its cluster ID. */
    public Optional<Peer> peer(String clusterID) {
        return peers.stream().filter(peer -> peer.clusterID().equals(clusterID)).findFirst();
    }
}
