// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.ipam;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Decision;
import dev.hawser.ipam.ledger.ExposureDecision;
import dev.hawser.ipam.ledger.ExposureGrant;
import dev.hawser.ipam.ledger.ExposureLedger;
import dev.hawser.ipam.ledger.ExposureRequest;
import dev.hawser.ipam.ledger.ExposureRound;
import dev.hawser.ipam.ledger.ExposureState;
import dev.hawser.ipam.ledger.Grant;
import dev.hawser.ipam.ledger.Ledger;
import dev.hawser.ipam.ledger.LedgerState;
import dev.hawser.ipam.ledger.ObjectRef;
import dev.hawser.ipam.ledger.Owner;
import dev.hawser.ipam.ledger.PoolRanges;
import dev.hawser.ipam.ledger.Request;
import dev.hawser.ipam.ledger.Role;
import dev.hawser.ipam.ledger.Round;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Rounds of the two ledgers as large as nobody has them. */
final class Rounds {
    private static final int BLOCKS = 65_536;
    private static final int OBJECTS = 100_000;

    /** A Network as it stands in the API server: texts. */
    private record RecordedNetwork(String name, String uid, String cluster, String truth, String granted) {}

    /** An IP as it stands in the API server: texts. */
    private record RecordedIp(String name, String uid, String target, String address) {}

    private Rounds() {}

    /** As many clusters with one and the same range want names as there are in the pool. */
    static Map<String, Map<String, Double>> blocks() {
        List<Request> requests = requests(BLOCKS, Cidr.parse("172.16.5.0/24"));
        LedgerState state = empty(Cidr.parse("10.0.0.0/8"));

        long start = System.nanoTime();
        Round round = Ledger.of(state).decide(requests);
        double seconds = (System.nanoTime() - start) / 1e9;

        Check.that(granted(round) == BLOCKS, "every cluster gets a name of its own");
        return Map.of(IpamBenchmark.SUBJECT, Map.of("blocks_64k_s", seconds));
    }

    /** A controller starts and finds half of the objects to be Networks, the other half IPs. */
    static Map<String, Map<String, Double>> rebuild() {
        List<RecordedNetwork> networks = networks(OBJECTS / 2);
        List<RecordedIp> ips = ips(OBJECTS / 2);

        long start = System.nanoTime();
        List<Grant> grants = new ArrayList<>();
        List<Request> requests = new ArrayList<>();
        for (RecordedNetwork network : networks) {
            Owner owner = new Owner("Peering", network.cluster(), Role.ofWord("pod"), Cidr.parse(network.truth()));
            ObjectRef object = new ObjectRef("Network " + network.name(), network.uid());
            grants.add(new Grant(owner, Cidr.parse(network.granted()), object));
            requests.add(Request.of(owner, object));
        }
        LedgerState state = new LedgerState(
                List.of(new PoolRanges("default", PoolRanges.DEFAULT_CIDRS, List.of())),
                List.of(),
                grants,
                List.of(),
                List.of());
        Ledger ledger = Ledger.of(state);
        Round blocks = ledger.decide(requests);
        long used = ledger.usage().getFirst().used().longValueExact();
        ExposureRound addresses = exposures(ips);
        double seconds = (System.nanoTime() - start) / 1e9;

        Check.that(used == OBJECTS / 2 * 256L, "the pool is as full as it was");
        Check.that(
                blocks.intents().isEmpty()
                        && blocks.decisions().stream().allMatch(Decision.AlreadyGranted.class::isInstance),
                "every block stands");
        Check.that(
                addresses.intents().isEmpty()
                        && addresses.decisions().stream().allMatch(ExposureDecision.AlreadyGranted.class::isInstance),
                "every address stands");
        return Map.of(IpamBenchmark.SUBJECT, Map.of("rebuild_100k_s", seconds));
    }

    /** That many clusters with the same range, each with an object. */
    static List<Request> requests(int count, Cidr truth) {
        List<Request> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String cluster = "cluster-%07d".formatted(i);
            requests.add(Request.of(
                    new Owner("Peering", cluster, Role.POD, truth), new ObjectRef("Network " + cluster, "uid-" + i)));
        }
        return requests;
    }

    /** Nothing is granted of this one range. */
    static LedgerState empty(Cidr pool) {
        return new LedgerState(
                List.of(new PoolRanges("default", List.of(pool), List.of())),
                List.of(),
                List.of(),
                List.of(),
                List.of());
    }

    /** How many blocks a round grants, each of them once. */
    static long granted(Round round) {
        return round.decisions().stream()
                .filter(Decision.Granted.class::isInstance)
                .map(decision -> ((Decision.Granted) decision).block())
                .distinct()
                .count();
    }

    private static ExposureRound exposures(List<RecordedIp> ips) {
        List<ExposureGrant> grants = new ArrayList<>();
        List<ExposureRequest> requests = new ArrayList<>();
        for (RecordedIp ip : ips) {
            ObjectRef object = new ObjectRef(ip.name(), ip.uid());
            IpAddress target = IpAddress.parse(ip.target());
            grants.add(new ExposureGrant(object, target, IpAddress.parse(ip.address())));
            requests.add(new ExposureRequest(object, target));
        }
        return ExposureLedger.of(new ExposureState(Cidr.parse("10.70.0.0/16"), grants, List.of(), List.of()))
                .decide(requests);
    }

    private static List<RecordedNetwork> networks(int count) {
        IpAddress first = IpAddress.parse("10.0.0.0");
        List<RecordedNetwork> networks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String cluster = "cluster-%07d".formatted(i);
            networks.add(new RecordedNetwork(
                    cluster + "-pod", "uid-" + i, cluster, "172.16.5.0/24", first.plus(256L * i) + "/24"));
        }
        return networks;
    }

    private static List<RecordedIp> ips(int count) {
        IpAddress external = IpAddress.parse("10.70.0.2");
        IpAddress service = IpAddress.parse("10.96.0.1");
        List<RecordedIp> ips = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ips.add(new RecordedIp(
                    "shop/service-" + i,
                    "uid-ip-" + i,
                    service.plus(i).toString(),
                    external.plus(i).toString()));
        }
        return ips;
    }
}
