// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * A jar of others on its way into the image.
 *
 * <p>A signed one loses its signature: the JVM keeps no class of a signed jar in an AOT cache, and reads a digest for
 * each of them at every start (Bouncy Castle: a quarter of the CPU time until the gateway was ready). What was signed was
 * checked when the library was fetched; in the image it is the image that is to be trusted. It also loses its name as a
 * security provider: we call its ciphers directly, and a JVM that looks for a provider it does not have, as ours does in
 * each TLS handshake, would build this one only to ask for its name.
 */
record Library(Path jar) {
    private static final Set<String> SIGNATURES = Set.of("SF", "RSA", "DSA", "EC");
    private static final String PROVIDER = "META-INF/services/java.security.Provider";

    /** Writes the jar as it is to be in the image. */
    void copyTo(Path target) throws IOException {
        try (JarFile file = new JarFile(jar.toFile(), false)) {
            if (file.stream().noneMatch(entry -> isSignature(entry.getName()))) {
                Files.copy(jar, target);
                return;
            }
            try (OutputStream stream = Files.newOutputStream(target);
                    JarOutputStream output = new JarOutputStream(stream)) {
                output.putNextEntry(entry(JarFile.MANIFEST_NAME));
                manifest(file).write(output);
                for (JarEntry each : kept(file)) {
                    output.putNextEntry(entry(each.getName()));
                    file.getInputStream(each).transferTo(output);
                }
            }
        }
    }

    private static List<JarEntry> kept(JarFile file) {
        return file.stream()
                .filter(entry -> !isSignature(entry.getName()))
                .filter(entry -> !entry.getName().equals(PROVIDER))
                .filter(entry -> !entry.getName().equals(JarFile.MANIFEST_NAME))
                .toList();
    }

    /** The digests of the single entries go, what is said of the whole stays. */
    private static Manifest manifest(JarFile file) throws IOException {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.putAll(file.getManifest().getMainAttributes());
        return manifest;
    }

    private static JarEntry entry(String name) {
        JarEntry entry = new JarEntry(name);
        entry.setTimeLocal(ApplicationJar.TIME);
        return entry;
    }

    private static boolean isSignature(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        return upper.startsWith("META-INF/")
                && upper.indexOf('/', "META-INF/".length()) < 0
                && SIGNATURES.contains(upper.substring(upper.lastIndexOf('.') + 1));
    }
}
