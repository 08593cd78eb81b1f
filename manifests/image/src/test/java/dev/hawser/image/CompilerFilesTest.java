// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The JVM says nothing of a pattern that no method has: what was renamed would only be slow. */
class CompilerFilesTest {
    private static final Pattern OURS = Pattern.compile("dev/hawser/[\\w/$*]+\\.[\\w*]+");

    private static final Set<String> METHODS = ClassPath.ofThisJvm().moduleEntries().entrySet().stream()
            .filter(entry -> entry.getKey().endsWith(".class"))
            .flatMap(entry -> methods(ClassFile.of().parse(entry.getValue())))
            .collect(Collectors.toUnmodifiableSet());

    private final List<String> compiled = patterns("gateway.compiler");
    private final List<String> early = patterns("gateway.thresholds");

    @Test
    void nameMethodsThatAreThere() {
        assertThat(compiled).as("in gateway.compiler").isNotEmpty().allSatisfy(CompilerFilesTest::isOfSomeMethod);
        assertThat(early).as("in gateway.thresholds").isNotEmpty().allSatisfy(CompilerFilesTest::isOfSomeMethod);
    }

    @Test
    void hurryOnlyWhatTheOptimizingCompilerGets() {
        assertThat(METHODS.stream().filter(anyOf(early)).filter(anyOf(compiled).negate()))
                .isEmpty();
    }

    private static void isOfSomeMethod(String pattern) {
        assertThat(METHODS).anyMatch(matching(pattern));
    }

    private static Predicate<String> anyOf(List<String> patterns) {
        return patterns.stream().map(CompilerFilesTest::matching).reduce(_ -> false, Predicate::or);
    }

    /** As HotSpot understands it: a star stands for any characters, of packages too. */
    private static Predicate<String> matching(String pattern) {
        return Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q")).asMatchPredicate();
    }

    private static Stream<String> methods(ClassModel type) {
        String name = type.thisClass().asInternalName();
        return type.methods().stream()
                .map(method -> name + "." + method.methodName().stringValue());
    }

    private static List<String> patterns(String file) {
        try (InputStream stream = Objects.requireNonNull(Layout.class.getResourceAsStream(file), file)) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return OURS.matcher(text).results().map(MatchResult::group).toList();
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }
}
