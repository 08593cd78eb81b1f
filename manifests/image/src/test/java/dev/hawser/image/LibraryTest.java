// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryTest {
    private static final String A_CLASS = "org/bouncycastle/crypto/digests/Blake2sDigest.class";

    @TempDir
    Path folder;

    private static Path library(String name) {
        return ClassPath.ofThisJvm().libraries().stream()
                .filter(jar -> jar.getFileName().toString().startsWith(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void losesTheSignatureThatWouldKeepItsClassesOutOfTheCache() throws Exception {
        Path signed = library("bcprov");
        Path target = folder.resolve("bcprov.jar");

        new Library(signed).copyTo(target);

        try (JarFile before = new JarFile(signed.toFile());
                JarFile after = new JarFile(target.toFile())) {
            assertThat(read(before, A_CLASS).getCodeSigners())
                    .as("signed before")
                    .isNotEmpty();
            assertThat(read(after, A_CLASS).getCodeSigners()).isNull();
            assertThat(after.getManifest().getEntries()).isEmpty();
            assertThat(after.getManifest().getMainAttributes())
                    .isEqualTo(before.getManifest().getMainAttributes());
            assertThat(after.getEntry("META-INF/services/java.security.Provider"))
                    .isNull();
            assertThat(classes(after)).isEqualTo(classes(before)).isNotEmpty();
        }
    }

    @Test
    void staysAsItIsWithoutASignature() throws Exception {
        Path unsigned = library("jackson-core");
        Path target = folder.resolve("jackson.jar");

        new Library(unsigned).copyTo(target);

        assertThat(target).hasSameBinaryContentAs(unsigned);
    }

    /** Whose entry it is comes out only when all of it was read. */
    private static JarEntry read(JarFile jar, String name) throws IOException {
        JarEntry entry = jar.getJarEntry(name);
        jar.getInputStream(entry).readAllBytes();
        return entry;
    }

    private static Map<String, Long> classes(JarFile jar) {
        Map<String, Long> checksums = new TreeMap<>();
        jar.stream()
                .filter(entry -> entry.getName().endsWith(".class"))
                .forEach(entry -> checksums.put(entry.getName(), entry.getCrc()));
        return checksums;
    }
}
