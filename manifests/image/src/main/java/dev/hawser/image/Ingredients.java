// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * All that goes into an image, as it is on this machine now.
 *
 * @param version of the product
 * @param modules classes and resources of ours by name
 * @param libraries jars of others
 * @param system programs and libraries of this machine, without what only the Java runtime needs
 */
record Ingredients(String version, SortedMap<String, byte[]> modules, List<Path> libraries, List<ImageFile> system) {
    private static final String PROPERTIES = "/dev/hawser/image/image.properties";

    Ingredients {
        libraries = List.copyOf(libraries);
        system = List.copyOf(system);
    }

    /** Looks around: a few hundred milliseconds. */
    static Ingredients collect() {
        ClassPath classPath = ClassPath.ofThisJvm();
        List<ImageFile> own = NativeFiles.own();
        List<ImageFile> needed =
                NativeFiles.needed(own.stream().map(ImageFile::source).toList(), Set.of());
        return new Ingredients(
                productVersion(),
                classPath.moduleEntries(),
                classPath.libraries(),
                Stream.concat(own.stream(), needed.stream()).toList());
    }

    static String productVersion() {
        Properties properties = new Properties();
        try (InputStream stream = Ingredients.class.getResourceAsStream(PROPERTIES)) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException e) {
            throw new ImageException("cannot read " + PROPERTIES + ": " + e.getMessage(), e);
        }
        String version = properties.getProperty("version", "${");
        if (version.startsWith("${")) {
            throw new ImageException(PROPERTIES + " does not tell the version; build manifests/image with Maven");
        }
        return version;
    }

    /** The build id: the same for the same ingredients put together in the same way, whether they are jars or folders. */
    String buildId() {
        Fingerprint fingerprint = new Fingerprint().add("version", version);
        builder().forEach((name, content) -> fingerprint.add("builder " + name, content));
        modules.forEach((name, content) -> fingerprint.add("module " + name, content));
        for (Path library : libraries) {
            fingerprint.add("library " + library.getFileName(), library);
        }
        for (ImageFile file : system) {
            fingerprint.add("system " + file.target(), file.source());
        }
        return fingerprint.add("runtime", JavaRuntime.fingerprint()).text();
    }

    private static Map<String, byte[]> builder() {
        try {
            Path ours = Path.of(Ingredients.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return new ClassPath(List.of(ours), List.of()).moduleEntries();
        } catch (URISyntaxException e) {
            throw new ImageException("cannot tell where the image builder runs from: " + e.getMessage(), e);
        }
    }
}
