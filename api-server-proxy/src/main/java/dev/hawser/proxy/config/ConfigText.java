// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.config;

import dev.hawser.proxy.admission.Rules;
import dev.hawser.proxy.admission.Sources;
import dev.hawser.proxy.http.Authority;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The reader of the file's text. Safe for any thread. */
public final class ConfigText {
    private static final Set<String> ROOT = names("sources", "targets", "limits", "drain");
    private static final Set<String> SOURCES = names("admitted", "refused", "peers");
    private static final Set<String> PEER = names("clusterID", "cidrs");
    private static final Set<String> DRAIN = names("delay", "grace");
    private static final Set<String> LIMITS = names(
            "tunnels",
            "tunnelsPerSource",
            "tunnelsPerPeer",
            "connectsPerSecondPerSource",
            "connectBurst",
            "pendingDials",
            "headTime",
            "headBytes",
            "dialTime",
            "idle",
            "halfClosedIdle",
            "lifetime");
    private static final int MANY = 1_000_000;

    private ConfigText() {}

    /**
     * Reads YAML 1.2, of which JSON is a part. An empty text is an empty file.
     *
     * @throws ConfigException where it is neither, or says what cannot be meant
     */
    public static ProxyConfig parse(String text) {
        Object document;
        try {
            // No alias: a file of a kilobyte must not become a gigabyte. No duplicate key: two readers, two meanings.
            document = new Load(LoadSettings.builder()
                            .setLabel("proxy.yaml")
                            .setAllowDuplicateKeys(false)
                            .setMaxAliasesForCollections(0)
                            .build())
                    .loadFromString(text);
        } catch (YamlEngineException e) {
            throw new ConfigException(
                    "the file is no YAML: " + String.valueOf(e.getMessage()).replaceAll("\\s+", " "));
        }
        Fields root = Fields.of("", document, ROOT);
        return new ProxyConfig(
                root.has("sources") ? sources(root.fields("sources", SOURCES)) : Sources.EVERYBODY,
                root.list("targets").stream().map(ConfigText::target).toList(),
                limits(root.fields("limits", LIMITS)),
                drain(root.fields("drain", DRAIN)));
    }

    private static Sources sources(Fields fields) {
        List<Sources.Peer> peers = new ArrayList<>();
        for (Fields.Element element : fields.list("peers")) {
            Fields peer = Fields.of(element.path(), element.value(), PEER);
            peers.add(new Sources.Peer(peer.label("clusterID"), peer.cidrs("cidrs")));
        }
        return Sources.of(fields.cidrs("admitted"), fields.cidrs("refused"), peers);
    }

    private static Authority target(Fields.Element element) {
        return Authority.parse(element.text())
                .orElseThrow(() -> Fields.wrong(
                        element.path(), element.value(), "of the form name:port, address:port or [address]:port"));
    }

    private static Limits limits(Fields fields) {
        Limits usual = Limits.DEFAULT;
        Rules rules = usual.rules();
        int tunnels = fields.number("tunnels", rules.tunnels(), 1, MANY);
        int perSecond = fields.number("connectsPerSecondPerSource", rules.connectsPerSecond(), 1, MANY);
        return new Limits(
                new Rules(
                        Sources.EVERYBODY,
                        tunnels,
                        fields.number("tunnelsPerSource", tunnels, 1, MANY),
                        fields.number("tunnelsPerPeer", tunnels, 1, MANY),
                        perSecond,
                        fields.number("connectBurst", Math.min(MANY, 2 * perSecond), 1, MANY),
                        fields.number("pendingDials", rules.pendingDials(), 1, MANY)),
                fields.positive("headTime", usual.headTime()),
                fields.number("headBytes", usual.headBytes(), 256, 1 << 20),
                fields.positive("dialTime", usual.dialTime()),
                fields.duration("idle", usual.idle()),
                fields.duration("halfClosedIdle", usual.halfClosedIdle()),
                fields.duration("lifetime", usual.lifetime()));
    }

    private static Drain drain(Fields fields) {
        return new Drain(
                fields.duration("delay", Drain.DEFAULT.delay()), fields.duration("grace", Drain.DEFAULT.grace()));
    }

    private static Set<String> names(String... names) {
        return Collections.unmodifiableSet(new TreeSet<>(List.of(names)));
    }
}
