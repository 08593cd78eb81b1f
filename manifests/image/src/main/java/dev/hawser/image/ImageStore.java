// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The user's cache of images: a folder per build, one per Java runtime, and Jib's compressed layers. One process at a time
 * builds; a folder appears under its name only when it is complete. Old ones go.
 */
final class ImageStore implements AutoCloseable {
    private static final int BUILDS_KEPT = 3;
    private static final int RUNTIMES_KEPT = 2;
    private static final long LAYERS_KEPT_BYTES = 1L << 30;
    private static final String BUILD = "build-";
    private static final String RUNTIME = "jre-";
    private static final String UNFINISHED = ".new-";

    private final Path folder;
    private final FileChannel channel;
    private final FileLock lock;

    private ImageStore(Path folder, FileChannel channel, FileLock lock) {
        this.folder = folder;
        this.channel = channel;
        this.lock = lock;
    }

    /** Where the cache is: {@code HAWSER_CACHE}, else the user's usual folder for such things. */
    static Path location(Map<String, String> environment) {
        String ours = environment.getOrDefault("HAWSER_CACHE", "");
        if (!ours.isBlank()) {
            return Path.of(ours, "image");
        }
        String usual = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path cache = usual.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(usual);
        return cache.resolve("hawser/image");
    }

    /** The folder of a build, if it is there; no lock is needed for that. */
    static Optional<Path> build(Path location, String buildId) {
        Path build = location.resolve(BUILD + buildId);
        if (!Files.isDirectory(build)) {
            return Optional.empty();
        }
        try {
            Files.setLastModifiedTime(build, FileTime.from(Instant.now()));
        } catch (IOException e) {
            // Only the order in which old builds go.
        }
        return Optional.of(build);
    }

    /** Waits for the lock, then sweeps away what others left unfinished. */
    static ImageStore open(Path location) {
        try {
            Files.createDirectories(location);
            FileChannel channel =
                    FileChannel.open(location.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            ImageStore store = new ImageStore(location, channel, channel.lock());
            store.sweep();
            return store;
        } catch (IOException e) {
            throw new ImageException(
                    "cannot keep images in " + location + ": " + e.getMessage()
                            + "; set HAWSER_CACHE to another folder",
                    e);
        }
    }

    /** The folder of compressed layers. */
    Path layers() {
        return folder.resolve("layers");
    }

    /** A folder for a build in progress. */
    Path unfinished() throws IOException {
        return Files.createTempDirectory(folder, UNFINISHED);
    }

    /** A Java runtime, linked now if it is not there yet. */
    Path runtime(String fingerprint) throws IOException {
        Path runtime = folder.resolve(RUNTIME + fingerprint);
        if (!Files.isDirectory(runtime)) {
            Path work = unfinished();
            JavaRuntime.link(work.resolve("jre"));
            // The JVM compares the times with those in the image.
            setTimes(work.resolve("jre"));
            Files.move(work.resolve("jre"), runtime, StandardCopyOption.ATOMIC_MOVE);
            Files.delete(work);
        }
        Files.setLastModifiedTime(runtime, FileTime.from(Instant.now()));
        return runtime;
    }

    /** Gives a finished build its name. */
    Path keep(Path work, String buildId) throws IOException {
        Path build = folder.resolve(BUILD + buildId);
        Files.move(work, build, StandardCopyOption.ATOMIC_MOVE);
        Files.setLastModifiedTime(build, FileTime.from(Instant.now()));
        return build;
    }

    /** Gives every file below a folder the image's time. */
    static void setTimes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.setLastModifiedTime(file, FileTime.from(OciArchive.TIME));
            }
        }
    }

    @Override
    public void close() {
        try (channel) {
            lock.release();
        } catch (IOException e) {
            throw new ImageException("cannot give back the lock of " + folder + ": " + e.getMessage(), e);
        }
    }

    private void sweep() throws IOException {
        for (Path left : named(UNFINISHED)) {
            delete(left);
        }
        for (Path old : named(BUILD).stream().skip(BUILDS_KEPT).toList()) {
            delete(old);
        }
        for (Path old : named(RUNTIME).stream().skip(RUNTIMES_KEPT).toList()) {
            delete(old);
        }
        if (Files.isDirectory(layers()) && size(layers()) > LAYERS_KEPT_BYTES) {
            delete(layers());
        }
    }

    /** Newest first. */
    private List<Path> named(String prefix) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> entry.getFileName().toString().startsWith(prefix))
                    .sorted(Comparator.comparingLong(
                                    (Path entry) -> entry.toFile().lastModified())
                            .reversed())
                    .toList();
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
