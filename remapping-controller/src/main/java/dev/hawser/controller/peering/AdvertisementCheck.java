// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.peering;

import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.AdvertisementStatus;
import dev.hawser.api.networking.ExposureAdvertisement;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.api.networking.SeenVersion;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The look at what a peer advertises, before any of it is used. Everything has a bound, every address and key is read,
 * and what the peer may not decide (its identity, our ranges) is compared with what we know. Pure.
 */
public final class AdvertisementCheck {
    private static final int MOST_KEYS = 8;
    private static final int MOST_ENDPOINTS = 16;
    private static final int MOST_RANGES = 32;
    private static final int MOST_EXPOSURES = 256;
    private static final int MOST_PORTS = 16;
    private static final int LONGEST_TEXT = 64;
    private static final int KEY_BYTES = 32;
    private static final Pattern ENDPOINT =
            Pattern.compile("(?:\\[([0-9a-fA-F:]{2,39})]|([^:\\[\\]]{1,253})):([0-9]{1,5})");
    private static final Pattern DNS_NAME =
            Pattern.compile("(?:[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?\\.)*[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern OBJECT_NAME = Pattern.compile("[a-z0-9](?:[-.a-z0-9]{0,251}[a-z0-9])?");
    private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]*");

    /** What the look found. */
    public sealed interface Finding {
        /** Nothing is wrong; this may be used. */
        record Right(LearnedAdvertisement learned) implements Finding {}

        /** Nothing of it may be used. */
        record Wrong(String reason, String message) implements Finding {}
    }

    private static final class Objection extends RuntimeException {
        @java.io.Serial
        private static final long serialVersionUID = 1L;

        private final String reason;

        Objection(String reason, @Nullable String message) {
            super(message);
            this.reason = reason;
        }
    }

    private AdvertisementCheck() {}

    /**
     * Looks at one version of an Advertisement.
     *
     * @param before what was learned from the version before
     */
    public static Finding look(PeerTarget target, Optional<LearnedAdvertisement> before, Advertisement advertisement) {
        AdvertisementSpec spec = advertisement.getSpec();
        SeenVersion seenOfUs = Optional.ofNullable(advertisement.getStatus())
                .map(AdvertisementStatus::seenOfYou)
                .orElse(null);
        String uid = advertisement.getMetadata().getUid();
        try {
            identity(target, spec);
            keys(target, before, spec.publicKeys());
            atMost(MOST_ENDPOINTS, spec.endpoints(), "endpoints");
            spec.endpoints().forEach(AdvertisementCheck::endpoint);
            ranges(spec.podCIDRs(), "podCIDRs");
            ranges(spec.externalCIDRs(), "externalCIDRs");
            proxy(target, spec.proxy());
            remaps(target, spec.remapOfYou());
            seen(seenOfUs);
            text(spec.version(), "version");
            text(uid, "uid");
        } catch (Objection objection) {
            return new Finding.Wrong(
                    objection.reason,
                    "Cluster \"" + target.peerID() + "\" advertises something unusable, which is ignored: "
                            + objection.getMessage());
        }
        return new Finding.Right(new LearnedAdvertisement(
                uid,
                Objects.requireNonNullElse(advertisement.getMetadata().getGeneration(), 0L),
                spec.publicKeys(),
                retired(target, before, spec.publicKeys()),
                spec.endpoints(),
                spec.proxy(),
                spec.remapOfYou(),
                seenOfUs,
                spec.version(),
                exposures(target, spec.exposures())));
    }

    /**
     * The keys of the bundle that the peer announced before and does not announce any more: at the end of a rotation
     * nobody writes the bundle anew. A key that it never announced is not among them; a person may have written it in
     * advance, for a peer that is to be installed anew.
     */
    private static List<String> retired(
            PeerTarget target, Optional<LearnedAdvertisement> before, List<String> announced) {
        return before.stream()
                .flatMap(old -> Stream.concat(old.retiredKeys().stream(), old.publicKeys().stream()))
                .filter(target.bundleKeys()::contains)
                .filter(key -> !announced.contains(key))
                .distinct()
                .toList();
    }

    private static void identity(PeerTarget target, AdvertisementSpec spec) {
        if (!target.peerID().equals(spec.clusterID())) {
            throw new Objection(
                    "WrongCluster",
                    "it is from cluster \"" + shown(spec.clusterID()) + "\"; check that the Peering's proxy address and"
                            + " API server belong to \"" + target.peerID() + "\"");
        }
    }

    private static void keys(PeerTarget target, Optional<LearnedAdvertisement> before, List<String> keys) {
        atMost(MOST_KEYS, keys, "publicKeys");
        for (String key : keys) {
            if (!isKey(key)) {
                throw new Objection(
                        "InvalidKey", "\"" + shown(key) + "\" is no public key; 32 bytes in base64 are expected");
            }
        }
        if (keys.isEmpty()) {
            throw new Objection("NoKey", "it names no key; its gateway has published none yet");
        }
        boolean known = keys.stream()
                .anyMatch(key -> target.bundleKeys().contains(key)
                        || before.filter(old -> old.publicKeys().contains(key)).isPresent());
        if (!known) {
            throw new Objection(
                    "KeyConflict",
                    "none of its keys is one that we know, and no rotation was announced; if the peer was installed anew,"
                            + " write its new key into the Peering's spec.publicKeys");
        }
    }

    private static boolean isKey(String key) {
        try {
            return key.length() <= LONGEST_TEXT && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private static void endpoint(String endpoint) {
        Matcher matcher = ENDPOINT.matcher(endpoint);
        if (!matcher.matches() || !isPort(Integer.parseInt(matcher.group(3)))) {
            throw new Objection("InvalidEndpoint", "\"" + shown(endpoint) + "\" is no host:port");
        }
        String host = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
        if (DNS_NAME.matcher(host).matches()) {
            return;
        }
        IpAddress address = address(host, "endpoint");
        if (address.isLoopback() || address.isMulticast() || address.isUnspecified()) {
            throw new Objection("InvalidEndpoint", address + " is no address that a gateway can be reached at");
        }
    }

    private static void ranges(List<String> cidrs, String what) {
        atMost(MOST_RANGES, cidrs, what);
        cidrs.forEach(cidr -> range(cidr, what));
    }

    private static void proxy(PeerTarget target, @Nullable ProxyAddress proxy) {
        if (proxy == null) {
            return;
        }
        IpAddress address = address(proxy.address(), "proxy.address");
        if (target.peerExternalCidrs().stream().noneMatch(cidr -> cidr.usable(address)) || !isPort(proxy.port())) {
            throw new Objection(
                    "InvalidProxy",
                    "its proxy " + address + " port " + proxy.port() + " lies outside its external ranges "
                            + target.peerExternalCidrs());
        }
    }

    private static void remaps(PeerTarget target, @Nullable RemappedRanges remaps) {
        if (remaps == null) {
            return;
        }
        atMost(MOST_RANGES, remaps.podCIDRs(), "remapOfYou.podCIDRs");
        atMost(MOST_RANGES, remaps.externalCIDRs(), "remapOfYou.externalCIDRs");
        Stream.concat(remaps.podCIDRs().stream(), remaps.externalCIDRs().stream())
                .forEach(range -> remap(target, range));
    }

    private static void remap(PeerTarget target, RemappedRange range) {
        Cidr ours = range(range.cidr(), "remapOfYou");
        if (!target.ownCidrs().contains(ours)) {
            throw new Objection("InvalidRemap", "it names " + ours + ", which is no range of ours; update its Peering");
        }
        try {
            new Remap(ours, range(range.remapped(), "remapOfYou"));
        } catch (AddressException unequal) {
            throw new Objection("InvalidRemap", unequal.getMessage());
        }
    }

    /**
     * Those that can be shown to people. Nothing is dialled because of them, and while a peer moves to another external
     * range some are out of place: so what cannot be used is left out, and no reason to refuse the rest.
     */
    private static List<ExposureAdvertisement> exposures(PeerTarget target, List<ExposureAdvertisement> told) {
        return told.stream()
                .filter(exposure -> isName(exposure.namespace()) && isName(exposure.name()))
                .filter(exposure -> isExternal(target, exposure.address()))
                .filter(exposure -> exposure.ports().size() <= MOST_PORTS
                        && exposure.addresses().size() <= MOST_RANGES)
                .filter(exposure -> exposure.addresses().stream().allMatch(address -> isExternal(target, address)))
                .limit(MOST_EXPOSURES)
                .toList();
    }

    /** A peer's answer may lack what our schema requires. */
    private static boolean isName(@Nullable String text) {
        return text != null && OBJECT_NAME.matcher(text).matches();
    }

    private static boolean isExternal(PeerTarget target, @Nullable String text) {
        if (text == null) {
            return false;
        }
        try {
            IpAddress address = IpAddress.parse(text);
            return target.peerExternalCidrs().stream().anyMatch(cidr -> cidr.usable(address));
        } catch (AddressException unreadable) {
            return false;
        }
    }

    private static void seen(@Nullable SeenVersion seen) {
        if (seen != null) {
            text(seen.uid(), "seenOfYou.uid");
        }
    }

    private static void text(@Nullable String text, String what) {
        if (text != null
                && (text.length() > LONGEST_TEXT || !PRINTABLE.matcher(text).matches())) {
            throw new Objection(
                    "InvalidText", what + " is longer than " + LONGEST_TEXT + " characters or not printable");
        }
    }

    private static Cidr range(String text, String what) {
        try {
            return Cidr.parse(text);
        } catch (AddressException unreadable) {
            throw new Objection("InvalidRange", what + ": " + unreadable.getMessage());
        }
    }

    private static IpAddress address(String text, String what) {
        try {
            return IpAddress.parse(text);
        } catch (AddressException unreadable) {
            throw new Objection("InvalidAddress", what + ": " + unreadable.getMessage());
        }
    }

    private static void atMost(int most, List<?> list, String what) {
        if (list.size() > most) {
            throw new Objection(
                    "TooMuch", what + " has " + list.size() + " entries; at most " + most + " are accepted");
        }
    }

    private static boolean isPort(int port) {
        return port >= 1 && port <= 65_535;
    }

    private static String shown(String text) {
        String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() <= LONGEST_TEXT ? printable : printable.substring(0, LONGEST_TEXT) + "…";
    }
}
