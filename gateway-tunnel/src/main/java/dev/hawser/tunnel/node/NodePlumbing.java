// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the node look as a {@link NodeNetwork} says, and keeps it so.
 *
 * <p>Rules go in before routes and out after them. Whatever a killed predecessor left is adopted, because the first look
 * at the node is a look at what carries our names. A failure is told and tried again at the next call; nothing is added
 * behind a failed step, so that no packet takes a route whose rules are missing.
 *
 * <p><b>Threads:</b> safe for any, one call at a time. Calls take tens of milliseconds, a few seconds at worst.
 */
public final class NodePlumbing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NodePlumbing.class);

    private final String device;
    private final Commands commands;
    // Families in which something of ours may stand; both, until the first look says otherwise.
    private final Set<Family> families = EnumSet.allOf(Family.class);
    private final Map<Family, LoadedRules> loaded = new EnumMap<>(Family.class);
    private NodeNetwork wanted;
    private NodeNetwork standing;
    // While the node looks to the letter as it did when it was last found right, nothing has to be understood: that
    // takes
    // longer than the look when peers are many, for each range is sought among all routes.
    private Optional<Look> right = Optional.empty();
    private volatile Optional<String> problem = Optional.of("not looked at yet");
    private volatile Set<Cidr> unrouted = Set.of();
    private volatile boolean broken;
    private boolean closed;

    /**
     * What was given to nft and what it printed afterwards. Its words for our rules differ from ours, so what it prints
     * later is compared with these.
     */
    private record LoadedRules(String text, String printed) {}

    /**
     * What the programs print of the node, to the letter.
     *
     * @param rules by nft
     * @param links by ip, of the device and of routes
     * @param ways by ip, of the ways to endpoints of narrow paths
     */
    private record Look(Map<Family, String> rules, String links, Map<IpAddress, String> ways) {
        ObservedNode understood() {
            Map<IpAddress, String> hops = new HashMap<>();
            ways.forEach(
                    (endpoint, lines) -> NodeRoute.wayTo(endpoint, lines).ifPresent(hop -> hops.put(endpoint, hop)));
            return ObservedNode.parse(links).with(hops);
        }
    }

    /**
     * A plumbing that has not touched anything yet.
     *
     * @param device name of the tunnel device, which somebody else creates
     * @param mtu of the device until {@link #apply} says otherwise
     */
    public NodePlumbing(String device, int mtu, Commands commands) {
        this.device = device;
        this.commands = commands;
        this.wanted = NodeNetwork.empty(mtu);
        this.standing = wanted;
    }

    /** Changes the node to this state, as far as it differs. */
    public synchronized void apply(NodeNetwork node) {
        wanted = node;
        right = Optional.empty();
        repair();
    }

    /** Looks at the node and puts right what somebody, or a new device, changed. */
    public synchronized void repair() {
        if (closed) {
            return;
        }
        Optional<String> before = problem;
        try {
            problem = settle();
        } catch (NodeException e) {
            broken = true;
            right = Optional.empty();
            problem = Optional.of(String.valueOf(e.getMessage()));
        }
        if (!problem.equals(before)) {
            problem.ifPresentOrElse(
                    text -> LOG.warn("the node is not as it should be: {}", text),
                    () -> LOG.info("rules, addresses and routes of the node are in place"));
        }
    }

    /** What is wrong with the node at present; nothing if it is as it should be. */
    public Optional<String> problem() {
        return problem;
    }

    /** Whether what is wrong concerns every peer: rules that cannot be loaded, a device that is missing or not up. */
    public boolean isBroken() {
        return broken;
    }

    /** Ranges of peers whose packets do not find into the tunnel, because their route cannot be set. */
    public Set<Cidr> unrouted() {
        return unrouted;
    }

    /**
     * Removes everything of ours: routes into the tunnel, then rules, and the routes that refuse last. Each step is tried
     * whatever became of the one before; what could not be removed is named in the log.
     */
    @Override
    public synchronized void close() {
        closed = true;
        NodeNetwork nothing = NodeNetwork.empty(wanted.mtu());
        List<String> routes = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        attempt(() -> NodeChanges.between(links().understood(), nothing, device)
                .forEach(line -> (line.contains(" unreachable ") ? refusals : routes).add(line)));
        attempt(() -> told(batch(routes)));
        families.forEach(family -> attempt(() -> load(NodeRules.removing(family))));
        attempt(() -> told(batch(refusals)));
    }

    private static void attempt(Runnable step) {
        try {
            step.run();
        } catch (NodeException e) {
            told(String.valueOf(e.getMessage()));
        }
    }

    private static void told(String errors) {
        if (!errors.isEmpty()) {
            LOG.warn("not everything of ours could be removed from the node: {}", errors);
        }
    }

    private Optional<String> settle() {
        if (right.isPresent() && right.get().equals(look())) {
            return Optional.empty();
        }
        for (Family family : Family.values()) {
            if (wanted.speaks(family)) {
                families.add(family);
            }
        }
        NodeNetwork joined = wanted.joinedWith(standing);
        rules(joined);
        Look before = links();
        List<String> lines = NodeChanges.between(before.understood(), wanted, device);
        String errors = batch(lines);
        Look after = lines.isEmpty() ? before : links();
        if (!joined.equals(wanted)) {
            rules(wanted);
        }
        standing = wanted;
        // IPv6 was looked at once, in case a predecessor left something; from here on only what is wanted.
        families.removeIf(family -> !wanted.speaks(family));
        return judge(after, errors);
    }

    private Optional<String> judge(Look after, String errors) {
        ObservedNode node = after.understood();
        List<String> lacking = NodeChanges.lacking(node, wanted, device);
        unrouted = NodeChanges.unrouted(node, wanted);
        broken = !NodeChanges.isUsable(node, wanted);
        if (lacking.isEmpty()) {
            Map<Family, String> printed = new EnumMap<>(Family.class);
            loaded.forEach((family, rules) -> printed.put(family, rules.printed()));
            printed.keySet().retainAll(families);
            right = unrouted.isEmpty() && !broken
                    ? Optional.of(new Look(printed, after.links(), after.ways()))
                    : Optional.empty();
            return Optional.empty();
        }
        right = Optional.empty();
        return Optional.of("missing " + String.join(", ", lacking) + (errors.isEmpty() ? "" : "; ip says: " + errors));
    }

    private void rules(NodeNetwork node) {
        for (Family family : families) {
            String text = node.speaks(family) ? NodeRules.replacing(node, family, device) : NodeRules.removing(family);
            LoadedRules before = loaded.get(family);
            if (before == null
                    || !before.text().equals(text)
                    || !before.printed().equals(printed(family))) {
                load(text);
                loaded.put(family, new LoadedRules(text, printed(family)));
                LOG.debug("loaded the nft rules of {}", family);
            }
        }
    }

    private void load(String transaction) {
        Commands.Result result = commands.run(transaction, "nft", "-f", "-");
        if (result.exit() != 0) {
            throw new NodeException("nft refuses the table " + NodeRules.TABLE + ": "
                    + result.errors().strip() + "; is nf_tables available to this kernel and NET_ADMIN granted?");
        }
    }

    private String printed(Family family) {
        return commands.run("", "nft", "list", "table", NodeRules.protocol(family), NodeRules.TABLE)
                .output();
    }

    private Look look() {
        Map<Family, String> printed = new EnumMap<>(Family.class);
        families.forEach(family -> printed.put(family, printed(family)));
        Look links = links();
        return new Look(printed, links.links(), links.ways());
    }

    /** A look without rules. One call for device and routes; the device may be missing, which must not hide the routes. */
    private Look links() {
        StringBuilder output = new StringBuilder();
        String query = "address show dev " + device + "\nnetconf show dev " + device + "\nroute show table main proto "
                + NodeRoute.PROTOCOL + "\n";
        output.append(commands.run(query, "ip", "-force", "-batch", "-").output());
        if (families.contains(Family.IPV6)) {
            String routes = "route show table main proto " + NodeRoute.PROTOCOL + "\n";
            output.append(
                    commands.run(routes, "ip", "-6", "-force", "-batch", "-").output());
        }
        return new Look(Map.of(), output.toString(), ways());
    }

    /** Where the endpoints of narrow paths are, asked anew each time: the way past the tunnel is not ours to keep. */
    private Map<IpAddress, String> ways() {
        Map<IpAddress, String> ways = new HashMap<>();
        for (IpAddress endpoint : wanted.narrow().keySet()) {
            String family = endpoint.family() == Family.IPV4 ? "-4" : "-6";
            ways.put(
                    endpoint,
                    commands.run("", "ip", family, "route", "show", "match", endpoint.toString())
                            .output());
        }
        return ways;
    }

    /** Runs all lines, also behind one that fails; gives what {@code ip} complained about. */
    private String batch(List<String> lines) {
        if (lines.isEmpty()) {
            return "";
        }
        lines.forEach(line -> LOG.debug("ip {}", line));
        Commands.Result result = commands.run(String.join("\n", lines) + "\n", "ip", "-force", "-batch", "-");
        return result.errors().strip().replace('\n', ' ');
    }
}
