// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;

/**
 * Which build of Hawser runs.
 *
 * <p>The id is known twice: compiled into a class, and as a file beside the classes. The JVM takes classes from its AOT
 * cache, and JDK 25.0.3 also takes them from a cache that was made of an older jar, without a word (JDK-8377932). Then
 * the class still says the old id and the file the new one, and {@link #current} refuses to go on.
 *
 * @param version of the product
 * @param id of what was put into the image, {@link #UNPACKAGED} outside of one
 */
public record Build(String version, String id) {
    /** The id of code that runs from a build folder. */
    public static final String UNPACKAGED = "unpackaged";

    private static final String FILE = "build-id";

    /**
     * The build that this code is of.
     *
     * @throws BuildException when the code that runs is not the code that was delivered
     */
    public static Build current() {
        String version = Build.class.getPackage().getImplementationVersion();
        return of(Objects.requireNonNullElse(version, "(" + UNPACKAGED + ")"), CompiledBuild.id(), delivered());
    }

    static Build of(String version, String compiled, Optional<String> delivered) {
        if (!compiled.equals(delivered.orElse(UNPACKAGED))) {
            throw new BuildException(
                    "the code that runs is of build %s, but build %s was delivered: the AOT cache beside it is stale; build jar, cache and image again as one, or start without -XX:AOTCache"
                            .formatted(compiled, delivered.orElse(UNPACKAGED)));
        }
        return new Build(version, compiled);
    }

    private static Optional<String> delivered() {
        try (InputStream file = Build.class.getResourceAsStream(FILE)) {
            return file == null
                    ? Optional.empty()
                    : Optional.of(new String(file.readAllBytes(), StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("the build id cannot be read from our own jar", e);
        }
    }

    @Override
    public String toString() {
        return id.equals(UNPACKAGED) ? version : version + " build " + id;
    }
}
