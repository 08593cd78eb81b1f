// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.peering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.networking.APIServerIdentity;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.AdvertisementStatus;
import dev.hawser.api.networking.ExposureAdvertisement;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.api.networking.SeenVersion;
import dev.hawser.controller.peering.AdvertisementCheck.Finding;
import dev.hawser.ipam.address.Cidr;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdvertisementCheckTest {
    private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
    private static final PeerTarget TARGET = new PeerTarget(
            "3rd-lisbon",
            "genoa",
            new ProxyAddress("10.94.0.2", 8118),
            new APIServerIdentity("https://kubernetes.default.svc:443", "PEM"),
            "secret",
            true,
            Set.of(KEY),
            List.of(Cidr.parse("10.70.0.0/16")),
            List.of(Cidr.parse("10.200.0.0/16"), Cidr.parse("10.70.0.0/16")));
    private static final RemappedRanges REMAP =
            new RemappedRanges(List.of(new RemappedRange("10.200.0.0/16", "10.71.0.0/16")), List.of());
    private static final ProxyAddress PROXY = new ProxyAddress("10.70.0.2", 8118);

    @Test
    void learnsWhatIsRight() {
        Finding finding = look("3rd-lisbon", List.of(KEY), List.of("gw.example.org:51820"), PROXY, REMAP);

        assertThat(finding).isInstanceOfSatisfying(Finding.Right.class, right -> {
            assertThat(right.learned().endpoints()).containsExactly("gw.example.org:51820");
            assertThat(right.learned().remapOfUs()).isEqualTo(REMAP);
            assertThat(right.learned().generation()).isEqualTo(3);
            assertThat(right.learned().seenOfUs()).isEqualTo(new SeenVersion("our-uid", 9));
        });
    }

    @Test
    void keepsOnlyExposuresThatCanBeShown() {
        ExposureAdvertisement good = exposure("web", "10.70.0.9", List.of("10.70.0.9"));
        LearnedAdvertisement learned = ((Finding.Right) look(
                        good,
                        exposure("elsewhere", "10.99.0.9", List.of()),
                        exposure("network-address", "10.70.0.0", List.of()),
                        exposure("second-elsewhere", "10.70.0.10", List.of("10.70.0.10", "fd00::1")),
                        exposure("octal", "010.70.0.9", List.of()),
                        exposure("Not a name", "10.70.0.9", List.of())))
                .learned();

        assertThat(learned.exposures()).containsExactly(good);
    }

    @Test
    void keepsNoMoreExposuresThanAStatusCanHold() {
        ExposureAdvertisement[] many = IntStream.range(2, 1002)
                .mapToObj(i -> exposure("web-" + i, "10.70." + i / 256 + "." + i % 256, List.of()))
                .toArray(ExposureAdvertisement[]::new);

        assertThat(((Finding.Right) look(many)).learned().exposures())
                .hasSize(256)
                .startsWith(many[0]);
    }

    @Test
    void refusesAnotherCluster() {
        assertThat(reason(look("porto", List.of(KEY), List.of(), PROXY, REMAP))).isEqualTo("WrongCluster");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "short", "!!!!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void refusesWhatIsNoKey(String key) {
        assertThat(reason(look("3rd-lisbon", List.of(KEY, key), List.of(), PROXY, REMAP)))
                .isEqualTo("InvalidKey");
    }

    @Test
    void reportsAKeyThatNobodyAnnounced() {
        assertThat(reason(look("3rd-lisbon", List.of(key(1)), List.of(), PROXY, REMAP)))
                .isEqualTo("KeyConflict");
    }

    @Test
    void refusesAGatewayThatHasNoKeyYet() {
        assertThat(reason(look("3rd-lisbon", List.of(), List.of(), PROXY, REMAP)))
                .isEqualTo("NoKey");
    }

    @Test
    void followsARotationThatWasAnnounced() {
        LearnedAdvertisement both = learned(List.of(KEY, key(1)), List.of(KEY), List.of());
        LearnedAdvertisement next = learned(List.of(key(1)), both.publicKeys(), both.retiredKeys());
        LearnedAdvertisement later = learned(List.of(key(1), key(2)), next.publicKeys(), next.retiredKeys());

        assertThat(both.retiredKeys()).isEmpty();
        assertThat(next.retiredKeys()).containsExactly(KEY);
        assertThat(later.retiredKeys()).containsExactly(KEY);
    }

    @Test
    void retiresNoKeyThatWasNeverAnnounced() {
        assertThat(learned(List.of(key(1)), List.of(key(1)), List.of()).retiredKeys())
                .isEmpty();
    }

    @Test
    void takesARetiredKeyBackWhenItIsAnnouncedAgain() {
        assertThat(learned(List.of(KEY), List.of(key(1)), List.of(KEY)).retiredKeys())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.51.100.7",
                "198.51.100.7:0",
                "198.51.100.7:65536",
                "127.0.0.1:51820",
                "[::1]:51820",
                "a b:1",
                "-x.example:1",
                "224.0.0.1:51820",
                "host:99999999999"
            })
    void refusesEndpointsThatNoGatewayHas(String endpoint) {
        assertThat(look("3rd-lisbon", List.of(KEY), List.of(endpoint), PROXY, REMAP))
                .isInstanceOf(Finding.Wrong.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"198.51.100.7:51820", "[2001:db8::1]:51820", "gw:1", "a.b-c.example:65535"})
    void acceptsEndpoints(String endpoint) {
        assertThat(look("3rd-lisbon", List.of(KEY), List.of(endpoint), PROXY, REMAP))
                .isInstanceOf(Finding.Right.class);
    }

    @Test
    void refusesAProxyOutsideTheRangesOfThePeer() {
        assertThat(reason(look("3rd-lisbon", List.of(KEY), List.of(), new ProxyAddress("10.200.0.2", 8118), REMAP)))
                .isEqualTo("InvalidProxy");
    }

    @Test
    void refusesNamesForRangesThatAreNotOurs() {
        RemappedRanges foreign =
                new RemappedRanges(List.of(new RemappedRange("10.1.0.0/16", "10.71.0.0/16")), List.of());

        assertThat(reason(look("3rd-lisbon", List.of(KEY), List.of(), PROXY, foreign)))
                .isEqualTo("InvalidRemap");
    }

    @Test
    void refusesNamesOfAnotherLength() {
        RemappedRanges longer =
                new RemappedRanges(List.of(new RemappedRange("10.200.0.0/16", "10.71.0.0/24")), List.of());

        assertThat(reason(look("3rd-lisbon", List.of(KEY), List.of(), PROXY, longer)))
                .isEqualTo("InvalidRemap");
    }

    @Test
    void refusesTooMuchOfAnything() {
        assertThat(reason(look("3rd-lisbon", Collections.nCopies(9, KEY), List.of(), PROXY, REMAP)))
                .isEqualTo("TooMuch");
        assertThat(reason(look("3rd-lisbon", List.of(KEY), Collections.nCopies(17, "a:1"), PROXY, REMAP)))
                .isEqualTo("TooMuch");
    }

    private static ExposureAdvertisement exposure(String name, String address, List<String> addresses) {
        return new ExposureAdvertisement("default", name, address, addresses, List.of());
    }

    private static Finding look(ExposureAdvertisement... exposures) {
        AdvertisementSpec spec = new AdvertisementSpec(
                "3rd-lisbon",
                List.of(KEY),
                List.of(),
                List.of(),
                List.of(),
                null,
                List.of(exposures),
                null,
                null,
                null);
        return AdvertisementCheck.look(TARGET, Optional.empty(), advertisement(spec));
    }

    private static Finding look(
            String clusterID, List<String> keys, List<String> endpoints, ProxyAddress proxy, RemappedRanges remap) {
        AdvertisementSpec spec = new AdvertisementSpec(
                clusterID,
                keys,
                endpoints,
                List.of("10.200.0.0/16"),
                List.of("10.70.0.0/16"),
                proxy,
                List.of(),
                remap,
                null,
                "0.1.0");
        return AdvertisementCheck.look(TARGET, Optional.empty(), advertisement(spec));
    }

    /** What is learned of keys, after these were learned before. */
    private static LearnedAdvertisement learned(List<String> keys, List<String> before, List<String> retiredBefore) {
        LearnedAdvertisement former =
                new LearnedAdvertisement("uid", 2, before, retiredBefore, List.of(), null, null, null, null, List.of());
        AdvertisementSpec spec = new AdvertisementSpec(
                "3rd-lisbon", keys, List.of(), List.of(), List.of(), null, List.of(), null, null, null);
        Finding finding = AdvertisementCheck.look(TARGET, Optional.of(former), advertisement(spec));
        return ((Finding.Right) finding).learned();
    }

    private static Advertisement advertisement(AdvertisementSpec spec) {
        Advertisement advertisement = new Advertisement();
        advertisement.setMetadata(
                new ObjectMetaBuilder().withUid("uid").withGeneration(3L).build());
        advertisement.setSpec(spec);
        advertisement.setStatus(new AdvertisementStatus(new SeenVersion("our-uid", 9), null, null, List.of(), null));
        return advertisement;
    }

    private static String key(int first) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) first;
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String reason(Finding finding) {
        return ((Finding.Wrong) finding).reason();
    }
}
