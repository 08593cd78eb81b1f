// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The manifests as files for {@code kubectl -k}: {@code crds/} and {@code kustomize/} as in the folder manifests of the
 * sources. Kustomize refuses paths that are absolute or lead to a file outside; overlays are put beside
 * {@code kustomize/default} and name it {@code ../default}.
 */
public final class Kustomization {
    private static final String ROOT = "dev/hawser/manifests/";
    private static final String KNOWN = ROOT + "kustomize/default/kustomization.yaml";

    private Kustomization() {}

    /**
     * Writes the manifests.
     *
     * @param folder is created if need be; what is in it under the same name is replaced
     * @return the folder
     */
    public static Path unpack(Path folder) {
        URL known = Kustomization.class.getResource("/" + KNOWN);
        if (known == null) {
            throw new ImageException(KNOWN + " is not on the class path; run with the dependencies of hawser-image");
        }
        try {
            if (known.openConnection() instanceof JarURLConnection connection) {
                connection.setUseCaches(false);
                try (JarFile jar = connection.getJarFile()) {
                    fromJar(jar, folder);
                }
            } else {
                fromFolder(
                        Path.of(URI.create(known.toString()))
                                .resolve("../../..")
                                .normalize(),
                        folder);
            }
            return folder;
        } catch (IOException e) {
            throw new ImageException("the manifests cannot be written into " + folder + ": " + e.getMessage(), e);
        }
    }

    private static void fromJar(JarFile jar, Path folder) throws IOException {
        List<JarEntry> entries = jar.stream()
                .filter(entry -> entry.getName().startsWith(ROOT) && !entry.isDirectory())
                .toList();
        for (JarEntry entry : entries) {
            try (InputStream content = jar.getInputStream(entry)) {
                write(folder, entry.getName().substring(ROOT.length()), content.readAllBytes());
            }
        }
    }

    private static void fromFolder(Path root, Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).forEach(file -> {
                try {
                    write(folder, root.relativize(file).toString(), Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void write(Path folder, String name, byte[] content) throws IOException {
        if (name.startsWith("crds/") || name.startsWith("kustomize/")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.write(file, content);
        }
    }
}
