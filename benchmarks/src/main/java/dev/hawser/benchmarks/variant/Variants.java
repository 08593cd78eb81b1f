// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.net.NetworkLab;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The variants of one run, side by side in one laboratory. For one thread.
 *
 * @param all in the order in which they take turns
 * @param absent name of a variant that was asked for and cannot be here, and why
 * @param facts what a reader of a result must know about all of ours, by name
 */
public record Variants(List<Variant> all, Map<String, String> absent, Map<String, String> facts)
        implements AutoCloseable {
    /** The yardstick. */
    public static final String BASELINE = WireGuardGoVariant.NAME;
    /** What the two below are compared with: one more pair of gateways with the first AEAD, which serves them as well. */
    public static final String ONE_PEER = "one-peer";
    /** The way through the gateways of {@link #ONE_PEER} by addresses that need no other name. */
    public static final String NO_REMAP = "no-remap";
    /** The gateways of {@link #ONE_PEER} with a hundred peers configured, of which one is there. */
    public static final String PEERS_100 = "peers-100";
    /** The three of one pair of gateways. */
    public static final List<String> PAIR = List.of(ONE_PEER, NO_REMAP, PEERS_100);
    /** No tunnel. */
    public static final String DIRECT = DirectVariant.NAME;
    /** Ours, a name for each AEAD; both clusters have the same ranges. */
    public static final List<String> AEADS = List.of("openssl", "boringssl", "sunjce");
    /** Every name, in the order in which they take turns. */
    public static final List<String> NAMES =
            List.of("openssl", BASELINE, "boringssl", "sunjce", ONE_PEER, NO_REMAP, PEERS_100, DIRECT);

    public Variants {
        all = List.copyOf(all);
        absent = Map.copyOf(absent);
        facts = Map.copyOf(facts);
    }

    /**
     * Sets variants up.
     *
     * @param names of {@link #NAMES}
     * @param wireGuardGo the program to compare with
     * @param maps where JVMs leave the names of what they compiled when they end; they do not if there is none
     */
    public static Variants start(
            NetworkLab lab, Set<String> names, Path wireGuardGo, Optional<Path> maps, Consumer<String> progress) {
        Map<String, Variant> ready = new TreeMap<>();
        Map<String, String> absent = new TreeMap<>();
        Map<String, String> facts = new LinkedHashMap<>();
        List<HawserSpec> ours = ours(names);
        if (!ours.isEmpty()) {
            ApiServer apiServer = ApiServer.start(lab, KubernetesBinaries.ensure(progress));
            ShippedGateway program =
                    ShippedGateway.unpack(apiServer, lab.directory().resolve("image"), progress);
            facts.put("image", program.build());
            facts.put("JVM options", program.jvmOptions());
            List<HawserVariant> starting = ours.stream()
                    .map(spec -> HawserVariant.start(lab, apiServer, program, spec, maps))
                    .toList();
            for (int i = 0; i < starting.size(); i++) {
                String name = ours.get(i).name();
                progress.accept("connecting " + name);
                Optional<Variant> joined = starting.get(i).join();
                joined.ifPresent(variant -> ready.put(name, variant));
                if (joined.isPresent() && ours.get(i).reference()) {
                    compared(starting.get(i), names).forEach(variant -> ready.put(variant.name(), variant));
                }
                if (joined.isEmpty()) {
                    absent.put(name, starting.get(i).refusal());
                }
            }
        }
        if (names.contains(BASELINE)) {
            ready.put(BASELINE, WireGuardGoVariant.start(lab, wireGuardGo));
        }
        if (names.contains(DIRECT)) {
            ready.put(DIRECT, DirectVariant.start(lab));
        }
        return new Variants(
                NAMES.stream().filter(ready::containsKey).map(ready::get).toList(), absent, facts);
    }

    private static List<HawserSpec> ours(Set<String> names) {
        List<HawserSpec> ours = new ArrayList<>();
        AEADS.stream().filter(names::contains).forEach(aead -> ours.add(new HawserSpec(aead, aead, false)));
        if (PAIR.stream().anyMatch(names::contains)) {
            String first = ours.isEmpty() ? AEADS.getFirst() : ours.getFirst().aead();
            ours.add(new HawserSpec(ONE_PEER, first, true));
        }
        return ours;
    }

    private static List<Variant> compared(HawserVariant reference, Set<String> names) {
        return Stream.of(reference.plainWay(NO_REMAP), reference.manyPeers(PEERS_100))
                .filter(variant -> names.contains(variant.name()))
                .toList();
    }

    /** Lets the gateways end in good order. */
    @Override
    public void close() {
        all.forEach(Variant::close);
    }
}
