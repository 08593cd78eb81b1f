// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Platform;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The image as one tar file in the OCI layout. */
final class OciArchive {
    /** The only time that the image knows, so that the same files give the same image; 0 is "unknown" to some tools. */
    static final Instant TIME = Instant.ofEpochSecond(1);

    private static final String NOBODY_OF_OURS = "65532:65532";
    private static final FilePermissions EXECUTABLE = FilePermissions.fromOctalString("755");
    private static final FilePermissions READABLE = FilePermissions.fromOctalString("644");

    /** Files that change together. */
    record Layer(String name, List<ImageFile> files) {
        Layer {
            files = List.copyOf(files);
        }
    }

    private OciArchive() {}

    /**
     * Writes the archive.
     *
     * @param reference name and tag, under which a container engine knows the image after it was imported
     * @param layers lowest first
     * @param compressed folder where layers are kept, for the next image that has them
     */
    static void write(Path archive, String reference, List<Layer> layers, Map<String, String> labels, Path compressed) {
        // Of our own, because Jib leaves the threads of its own behind.
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            JibContainerBuilder image = Jib.fromScratch()
                    .setFormat(ImageFormat.OCI)
                    .setPlatforms(Set.of(platform()))
                    .setFileEntriesLayers(layers.stream().map(OciArchive::layer).toList())
                    .setEntrypoint(Layout.entryPoint())
                    .setEnvironment(Layout.ENVIRONMENT)
                    .setUser(NOBODY_OF_OURS)
                    .setLabels(labels)
                    .setCreationTime(TIME);
            image.containerize(Containerizer.to(TarImage.at(archive).named(reference))
                    .setToolName("hawser")
                    .setOfflineMode(true)
                    .setExecutorService(threads)
                    .setBaseImageLayersCache(compressed)
                    .setApplicationLayersCache(compressed));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException("interrupted while the image was being written", e);
        } catch (Exception e) {
            throw new ImageException("the image cannot be written to " + archive + ": " + e.getMessage(), e);
        }
    }

    private static FileEntriesLayer layer(Layer layer) {
        FileEntriesLayer.Builder builder = FileEntriesLayer.builder().setName(layer.name());
        for (ImageFile file : layer.files()) {
            builder.addEntry(
                    file.source(),
                    AbsoluteUnixPath.get(file.target()),
                    file.executable() ? EXECUTABLE : READABLE,
                    TIME);
        }
        return builder.build();
    }

    private static Platform platform() {
        String here = System.getProperty("os.arch");
        return new Platform(here.equals("aarch64") ? "arm64" : here, "linux");
    }
}
