// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The image of this build of Hawser: found in the user's cache, or made in about 20 s.
 *
 * <p>Safe for any thread and for several processes: one builds, the others wait and take what it made.
 */
public final class ImageBuild {
    private static final String NAME = "hawser.dev/hawser";
    private static final String ARCHIVE = "hawser.tar";

    private final Ingredients ingredients;
    private final String buildId;
    private final Consumer<String> progress;
    private final long begin = System.nanoTime();

    private ImageBuild(Ingredients ingredients, String buildId, Consumer<String> progress) {
        this.ingredients = ingredients;
        this.buildId = buildId;
        this.progress = progress;
    }

    /**
     * The image as a tar file in the OCI layout, made of the classes and libraries on this JVM's class path, this JVM's
     * JDK and this machine's {@code ip}, {@code nft} and libcrypto.
     *
     * @param progress is told what takes the time, line by line; nothing if the image is there
     * @throws ImageException when something that belongs into it is missing
     */
    public static synchronized Path ensure(Consumer<String> progress) {
        Ingredients ingredients = Ingredients.collect();
        String buildId = ingredients.buildId();
        Path location = ImageStore.location(System.getenv());
        return ImageStore.build(location, buildId)
                .orElseGet(() -> new ImageBuild(ingredients, buildId, progress).make(location))
                .resolve(ARCHIVE);
    }

    /** Name and tag of the image, as the manifests have it. */
    public static String reference() {
        return NAME + ":" + Ingredients.productVersion();
    }

    private Path make(Path location) {
        try (ImageStore store = ImageStore.open(location)) {
            Optional<Path> made = ImageStore.build(location, buildId);
            return made.isPresent() ? made.get() : make(store);
        } catch (IOException e) {
            throw new ImageException("the image cannot be built in " + location + ": " + e.getMessage(), e);
        }
    }

    private Path make(ImageStore store) throws IOException {
        say("linking a Java runtime");
        Path runtime = store.runtime(JavaRuntime.fingerprint());
        Path work = store.unfinished();
        Stage stage = Stage.make(work, ingredients, buildId);
        say("training the AOT cache");
        ClassCache.train(runtime, stage.home(), stage.practice());
        ImageStore.setTimes(stage.home());
        ClassCache.tryOut(runtime, stage.home(), buildId);
        say("writing the layers");
        Path archive = work.resolve(ARCHIVE);
        Map<String, String> labels = Map.of(
                "org.opencontainers.image.title",
                "hawser",
                "org.opencontainers.image.version",
                ingredients.version(),
                "org.opencontainers.image.revision",
                buildId);
        OciArchive.write(archive, reference(), layers(stage, runtime), labels, store.layers());
        stage.delete();
        say("build %s, %d MB".formatted(buildId, Files.size(archive) / 1_000_000));
        return store.keep(work, buildId);
    }

    /** What changes least comes first. */
    private List<OciArchive.Layer> layers(Stage stage, Path runtime) throws IOException {
        List<ImageFile> java = JavaRuntime.files(runtime);
        return List.of(
                new OciArchive.Layer("system", system(stage, java)),
                new OciArchive.Layer("runtime", java),
                new OciArchive.Layer("libraries", stage.libraries()),
                new OciArchive.Layer("hawser", stage.application()));
    }

    private List<ImageFile> system(Stage stage, List<ImageFile> java) throws IOException {
        List<Path> javaBinaries = java.stream()
                .map(ImageFile::source)
                .filter(file -> file.toString().endsWith(".so") || Files.isExecutable(file))
                .toList();
        List<Path> binaries = new ArrayList<>(javaBinaries);
        binaries.addAll(stage.natives());
        ingredients.system().forEach(file -> binaries.add(file.source()));
        List<ImageFile> own = NativeFiles.own();
        return Stream.of(stage.system(), own, NativeFiles.needed(binaries, NativeFiles.names(javaBinaries)))
                .flatMap(List::stream)
                .toList();
    }

    private void say(String text) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin);
        progress.accept("image: [%3d s] %s".formatted(seconds, text));
    }
}
