// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of this JVM's class path belongs into the image: the modules of the three programs, as jars or as folders of
 * classes, and the libraries that Maven listed for them.
 *
 * @param modules a jar or a folder of classes each
 * @param libraries jars of others, in the order of the class path
 */
record ClassPath(List<Path> modules, List<Path> libraries) {
    private static final String LIST = "/dev/hawser/entry/libraries";

    /** A class of each module that is in the image. */
    private static final List<String> LANDMARKS = List.of(
            "dev/hawser/entry/app/Main.class",
            "dev/hawser/runtime/Launch.class",
            "dev/hawser/api/ipam/IP.class",
            "dev/hawser/ipam/address/Cidr.class",
            "dev/hawser/proxy/app/ProxyMain.class",
            "dev/hawser/tunnel/app/GatewayMain.class",
            "dev/hawser/controller/app/ControllerMain.class");

    ClassPath {
        modules = List.copyOf(modules);
        libraries = List.copyOf(libraries);
    }

    static ClassPath ofThisJvm() {
        // The test runner starts its JVM with one jar whose manifest names the rest, and tells the rest here.
        String entries = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        List<Path> present = Arrays.stream(entries.split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty())
                .map(Path::of)
                .filter(Files::exists)
                .map(Path::toAbsolutePath)
                .toList();
        return new ClassPath(
                LANDMARKS.stream().map(landmark -> holder(present, landmark)).toList(), libraries(present));
    }

    /** Every class and resource of ours by its name, without what Maven adds to a jar. */
    SortedMap<String, byte[]> moduleEntries() {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        for (Path module : modules) {
            SortedMap<String, byte[]> more = Files.isDirectory(module) ? folder(module) : jar(module);
            more.forEach((name, content) -> {
                if (!name.startsWith("META-INF/") && entries.put(name, content) != null) {
                    throw new ImageException("two modules have " + name + "; only one can be in the image's jar");
                }
            });
        }
        return entries;
    }

    private static Path holder(List<Path> present, String landmark) {
        return present.stream()
                .filter(entry -> holds(entry, landmark))
                .findFirst()
                .orElseThrow(() -> new ImageException(
                        landmark + " is not on the class path; run with the dependencies of hawser-image"));
    }

    private static boolean holds(Path entry, String name) {
        if (Files.isDirectory(entry)) {
            return Files.exists(entry.resolve(name));
        }
        // Ours are named for the product; opening every library would take half a second.
        if (!entry.getFileName().toString().startsWith("hawser-")) {
            return false;
        }
        try (JarFile jar = new JarFile(entry.toFile())) {
            return jar.getEntry(name) != null;
        } catch (IOException e) {
            throw unreadable(entry, e);
        }
    }

    private static List<Path> libraries(List<Path> present) {
        var byName = present.stream()
                .collect(Collectors.toMap(
                        entry -> entry.getFileName().toString(), Function.identity(), (first, second) -> first));
        List<Path> libraries = new ArrayList<>();
        for (String listed : list().split(":", -1)) {
            String name = Path.of(listed).getFileName().toString();
            Path library = byName.get(name);
            if (library == null) {
                throw new ImageException(
                        name + " belongs into the image and is not on the class path; build manifests/entry again");
            }
            libraries.add(library);
        }
        return libraries;
    }

    private static String list() {
        try (InputStream list = ClassPath.class.getResourceAsStream(LIST)) {
            if (list == null) {
                throw new ImageException(LIST + " is not on the class path; build manifests/entry with Maven");
            }
            return new String(list.readAllBytes(), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new ImageException("cannot read " + LIST + ": " + e.getMessage(), e);
        }
    }

    private static SortedMap<String, byte[]> folder(Path folder) {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                entries.put(folder.relativize(file).toString(), Files.readAllBytes(file));
            }
            return entries;
        } catch (IOException e) {
            throw unreadable(folder, e);
        }
    }

    private static SortedMap<String, byte[]> jar(Path file) {
        SortedMap<String, byte[]> entries = new TreeMap<>();
        try (JarFile jar = new JarFile(file.toFile())) {
            for (JarEntry entry :
                    jar.stream().filter(each -> !each.isDirectory()).toList()) {
                try (InputStream content = jar.getInputStream(entry)) {
                    entries.put(entry.getName(), content.readAllBytes());
                }
            }
            return entries;
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static ImageException unreadable(Path entry, IOException cause) {
        return new ImageException("cannot read " + entry + " of the class path: " + cause.getMessage(), cause);
    }
}
