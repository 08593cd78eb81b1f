// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/**
 * The parts of an image that are made rather than taken, in a folder: {@link Layout#HOME} with jar, libraries and cache,
 * and the few files that a system must have.
 */
final class Stage {
    private static final String PASSWD = """
            root:x:0:0:root:/:/nowhere
            hawser:x:65532:65532:hawser:/:/nowhere
            """;
    private static final String GROUP = """
            root:x:0:
            hawser:x:65532:
            """;
    // As Netty names it.
    private static final String ARCHITECTURE = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    private static final String NSSWITCH = "hosts: files dns\n";

    private final Path home;
    private final Path etc;
    private final Path empty;
    private final Path practice;

    private Stage(Path folder) {
        this.home = folder.resolve("home");
        this.etc = folder.resolve("etc");
        this.empty = folder.resolve("empty");
        this.practice = folder.resolve("practice");
    }

    /** Lays out everything but the cache. */
    static Stage make(Path folder, Ingredients ingredients, String buildId) throws IOException {
        Stage stage = new Stage(folder);
        Files.createDirectories(stage.etc);
        Files.createDirectories(stage.empty);
        Files.createDirectories(stage.practice);
        Files.writeString(stage.etc.resolve("passwd"), PASSWD);
        Files.writeString(stage.etc.resolve("group"), GROUP);
        Files.writeString(stage.etc.resolve("nsswitch.conf"), NSSWITCH);
        Path lib = Files.createDirectories(stage.home.resolve(Layout.LIBRARIES));
        Path natives = Files.createDirectories(stage.home.resolve(Layout.NATIVE));
        List<String> names = new ArrayList<>();
        for (Path library : ingredients.libraries()) {
            String name = library.getFileName().toString();
            new Library(library).copyTo(lib.resolve(name));
            names.add(name);
            extractNatives(library, natives);
        }
        ApplicationJar.write(
                stage.home.resolve(Layout.JAR), ingredients.modules(), names, ingredients.version(), buildId);
        for (String name : List.of(Layout.COMPILER, Layout.THRESHOLDS)) {
            try (InputStream file = Objects.requireNonNull(Layout.class.getResourceAsStream(name))) {
                Files.copy(file, stage.home.resolve(name));
            }
        }
        ImageStore.setTimes(stage.home);
        return stage;
    }

    Path home() {
        return home;
    }

    /** For what the training run needs and no image has. */
    Path practice() {
        return practice;
    }

    /** Native libraries beside the jar. */
    List<Path> natives() throws IOException {
        return list(home.resolve(Layout.NATIVE));
    }

    /** What every system has. */
    List<ImageFile> system() throws IOException {
        List<ImageFile> files = new ArrayList<>();
        for (Path file : list(etc)) {
            files.add(new ImageFile(file, "/etc/" + file.getFileName(), false));
        }
        files.add(new ImageFile(empty, "/tmp", true));
        return files;
    }

    /** Jars and native libraries of others. */
    List<ImageFile> libraries() throws IOException {
        List<ImageFile> files = new ArrayList<>();
        for (String folder : List.of(Layout.LIBRARIES, Layout.NATIVE)) {
            for (Path file : list(home.resolve(folder))) {
                files.add(new ImageFile(file, Layout.HOME + "/" + folder + "/" + file.getFileName(), false));
            }
        }
        return files;
    }

    /** Our jar, its caches and how it is compiled: one layer, because they are one unit. */
    List<ImageFile> application() {
        return Stream.concat(
                        Stream.of(Layout.JAR, Layout.COMPILER, Layout.THRESHOLDS),
                        Layout.PROGRAMS.stream().map(Layout::cache))
                .map(name -> new ImageFile(home.resolve(name), Layout.HOME + "/" + name, false))
                .toList();
    }

    /** Removes the folders, once the image is written. */
    void delete() throws IOException {
        for (Path folder : List.of(home, etc, empty, practice)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file :
                        files.sorted((one, other) -> other.compareTo(one)).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Netty would unpack them into /tmp, where a container of ours may not write; beside the jar it finds them first. */
    private static void extractNatives(Path library, Path target) throws IOException {
        try (JarFile jar = new JarFile(library.toFile())) {
            List<JarEntry> natives = jar.stream()
                    .filter(entry -> entry.getName().startsWith("META-INF/native/")
                            && entry.getName().endsWith(ARCHITECTURE + ".so"))
                    .toList();
            for (JarEntry entry : natives) {
                try (InputStream content = jar.getInputStream(entry)) {
                    Files.copy(
                            content,
                            target.resolve(
                                    Path.of(entry.getName()).getFileName().toString()));
                }
            }
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
