// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.PoolSpec;
import dev.hawser.controller.plan.BlockPlan.Answer;
import dev.hawser.controller.plan.BlockPlan.Claim;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Role;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Whatever people write into the objects of the address management is read exactly or refused with the declared exception
 * or a condition that says why. An input has one text per line.
 */
class SpecFuzzTest {
    private static final BlockPlan.InUse NOTHING = new BlockPlan.InUse(List.of(), List.of());
    private static final PoolSpec POOL = new PoolSpec(List.of("10.0.0.0/8", "fd00::/8"), List.of());
    private static final Claim GOOD = claim("good", "10.200.0.0/16", "pod", "10.200.0.0/16", null, List.of(), null);

    /** The ranges, an empty line, what is reserved of them. */
    @FuzzTest(maxDuration = "1m")
    void readsPoolsExactlyOrRefuses(byte[] data) {
        List<String> lines = lines(data);
        int empty = lines.indexOf("");
        List<String> cidrs = empty < 0 ? lines : lines.subList(0, empty);
        List<String> reserved = empty < 0 ? List.of() : lines.subList(empty + 1, lines.size());
        PoolSpec pool = new PoolSpec(cidrs, reserved);
        boolean good = Stream.concat(cidrs.stream(), reserved.stream()).allMatch(text -> isExact(Cidr::parse, text));

        try {
            Map<String, Answer> answers = BlockPlan.decide(pool, List.of(), List.of(GOOD), NOTHING, Map.of())
                    .answers();
            assertThat(good).isTrue();
            assertThat(answers).containsOnlyKeys("good");
            Objects.requireNonNull(answers.get("good")).block().ifPresent(block -> {
                assertThat(cidrs.stream().map(Cidr::parse)).anyMatch(range -> range.contains(block));
                assertThat(reserved.stream().map(Cidr::parse)).noneMatch(range -> range.overlaps(block));
            });
        } catch (AddressException declared) {
            assertThat(good).isFalse();
            assertThat(declared.getMessage()).isNotBlank().hasSizeLessThan(1_000);
        }
    }

    /** What is wanted, the role, the owner's range, the true range, what is recorded (each may be empty), what is avoided. */
    @FuzzTest(maxDuration = "1m")
    void readsNetworksExactlyOrTellsWhyNot(byte[] data) {
        List<String> lines = lines(data);
        Claim claim = claim(
                "fuzzed",
                line(lines, 0),
                line(lines, 1),
                line(lines, 2),
                line(lines, 3).isEmpty() ? null : line(lines, 3),
                lines.subList(Math.min(5, lines.size()), lines.size()),
                line(lines, 4).isEmpty() ? null : line(lines, 4));

        Map<String, Answer> answers = BlockPlan.decide(POOL, List.of(), List.of(claim, GOOD), NOTHING, Map.of())
                .answers();

        Answer answer = Objects.requireNonNull(answers.get("fuzzed"));
        assertThat(answer.verdict().message()).isNotBlank().hasSizeLessThan(2_000);
        boolean good = Stream.concat(Stream.of(line(lines, 0), line(lines, 2)), claim.spec().avoid().stream())
                .allMatch(text -> isExact(Cidr::parse, text));
        answer.block().ifPresent(block -> {
            assertThat(good).isTrue();
            assertThat(Role.ofWord(line(lines, 1)).word()).isEqualTo(line(lines, 1));
            assertThat(block.prefixLength())
                    .isEqualTo(Cidr.parse(line(lines, 2)).prefixLength());
        });
        // Somebody's object disturbs nobody else, unless it holds what the other one is given.
        assertThat(Objects.requireNonNull(answers.get("good")).verdict().message())
                .isNotBlank();
        assertThat(RangeHolder.of("wild-frog", Role.POD, List.of(claim, GOOD), Map.of()))
                .isNotNull();
    }

    /** What is recorded as local address, then as external ones. */
    @FuzzTest(maxDuration = "1m")
    void readsWhatIpsRecordExactlyOrRefuses(byte[] data) {
        List<String> lines = lines(data);
        List<String> externals = lines.subList(Math.min(1, lines.size()), lines.size());
        String local = line(lines, 0).isEmpty() ? null : line(lines, 0);
        IPStatus status = new IPStatus(local, List.of(), null, externals, Map.of(), List.of(), List.of(), null);
        boolean good = Stream.concat(Optional.ofNullable(local).stream(), externals.stream())
                .allMatch(text -> isExact(IpAddress::parse, text));

        try {
            List<ExposedAddress> recorded = ExposedAddress.recorded(status);
            assertThat(good).isTrue();
            assertThat(recorded)
                    .extracting(pair -> pair.external())
                    .containsExactlyElementsOf(
                            externals.stream().map(IpAddress::parse).toList());
        } catch (AddressException declared) {
            assertThat(good).isFalse();
            assertThat(declared.getMessage()).isNotBlank().hasSizeLessThan(1_000);
        }
    }

    private static Claim claim(
            String name,
            String wanted,
            String role,
            String owner,
            @Nullable String truth,
            List<String> avoid,
            @Nullable String recorded) {
        return new Claim(
                name,
                "uid of " + name,
                new NetworkSpec(
                        wanted,
                        NetworkPurpose.Remapped,
                        new OwnerReference("Peering", "wild-frog", role, owner),
                        avoid,
                        truth),
                recorded == null ? null : new NetworkStatus(recorded, List.of(), List.of(), List.of(), 1L));
    }

    /** Whether it is read; then what is read must be what is written, but for the many ways to write IPv6. */
    private static <T> boolean isExact(Function<String, T> reader, String text) {
        try {
            T read = reader.apply(text);
            if (text.indexOf(':') < 0) {
                assertThat(read).hasToString(text);
            }
            assertThat(reader.apply(read.toString())).isEqualTo(read);
            return true;
        } catch (AddressException refused) {
            return false;
        }
    }

    private static List<String> lines(byte[] data) {
        return new ArrayList<>(Arrays.asList(new String(data, StandardCharsets.UTF_8).split("\n", -1)));
    }

    private static String line(List<String> lines, int index) {
        return index < lines.size() ? lines.get(index) : "";
    }
}
