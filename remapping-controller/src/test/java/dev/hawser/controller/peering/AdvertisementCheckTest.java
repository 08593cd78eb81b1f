// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.peering;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.networking.APIServerIdentity;
import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.controller.peering.AdvertisementCheck.Finding;
import dev.hawser.ipam.address.Cidr;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Set;
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
        });
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
        byte[] other = new byte[32];
        other[0] = 1;

        assertThat(reason(look(
                        "3rd-lisbon", List.of(Base64.getEncoder().encodeToString(other)), List.of(), PROXY, REMAP)))
                .isEqualTo("KeyConflict");
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

    private static Finding look(
            String clusterID, List<String> keys, List<String> endpoints, ProxyAddress proxy, RemappedRanges remap) {
        return AdvertisementCheck.look(
                TARGET,
                "uid",
                3,
                new AdvertisementSpec(
                        clusterID,
                        keys,
                        endpoints,
                        List.of("10.200.0.0/16"),
                        List.of("10.70.0.0/16"),
                        proxy,
                        List.of(),
                        remap,
                        null,
                        null,
                        "0.1.0"));
    }

    private static String reason(Finding finding) {
        return ((Finding.Wrong) finding).reason();
    }
}
