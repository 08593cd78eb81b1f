// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.image.Container.Answer;
import dev.hawser.lab.junit.RequiresLab;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@RequiresLab
class ImageIT {
    @TempDir
    static Path folder;

    private static Ingredients ingredients;
    private static Path archive;
    private static UnpackedImage image;
    private static Container container;

    @BeforeAll
    static void unpackTheImage() throws Exception {
        ingredients = Ingredients.collect();
        archive = ImageBuild.ensure(System.err::println);
        image = UnpackedImage.of(archive, folder);
        container = new Container(image);
    }

    @Test
    void runsTheCodeItWasBuiltFromOutOfItsCache() throws Exception {
        Answer answer = container.run(
                List.of("-XX:AOTCache=/opt/hawser/gateway.aot", "-XX:AOTMode=on", "-Xlog:class+load:stdout"),
                "version");

        assertThat(answer.output())
                .as("the id is the hash of what is on the class path now, and it is told by code from the cache")
                .contains("hawser " + Ingredients.productVersion() + " build " + ingredients.buildId())
                .containsPattern("dev\\.hawser\\.runtime\\.CompiledBuild source: shared objects file");
        assertThat(answer.status()).isZero();
        assertThat(image.config()
                        .at("/Labels/org.opencontainers.image.revision")
                        .asText())
                .isEqualTo(ingredients.buildId());
    }

    /** What happens when jar and cache are not renewed together, with a JVM that does not notice (25.0.3). */
    @Test
    void refusesCodeFromACacheThatIsOlderThanTheJar(@TempDir Path aside) throws Exception {
        Path jar = image.root().resolve("opt/hawser/hawser.jar");
        Path original = Files.move(jar, aside.resolve("hawser.jar"));
        try {
            List<String> libraries = ingredients.libraries().stream()
                    .map(library -> library.getFileName().toString())
                    .toList();
            ApplicationJar.write(jar, ingredients.modules(), libraries, ingredients.version(), "newer-build");
            Files.setLastModifiedTime(jar, FileTime.from(OciArchive.TIME));

            Answer answer = container.run(List.of("-XX:AOTCache=/opt/hawser/gateway.aot"), "version");

            assertThat(answer.output())
                    .as("either the JVM leaves the cache alone, or our code says that it is old")
                    .containsAnyOf(
                            "build newer-build\n", "of build " + ingredients.buildId() + ", but build newer-build");
            assertThat(answer.status()).isEqualTo(answer.output().contains("stale") ? 2 : 0);
        } finally {
            Files.move(original, jar, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    @Test
    void trustsNoPublicAuthority() throws Exception {
        File trusted = image.root()
                .resolve(Layout.JAVA_HOME.substring(1))
                .resolve(JavaRuntime.TRUSTED)
                .toFile();

        assertThat(KeyStore.getInstance(trusted, "changeit".toCharArray()).size())
                .isZero();
    }

    @Test
    void hasWhatTheGatewayNeeds() throws Exception {
        assertThat(container.exec(List.of("/usr/sbin/ip", "-V")).output()).contains("iproute2");
        assertThat(container.exec(List.of("/usr/sbin/nft", "--version")).output())
                .contains("nftables");
        assertThat(container.run(List.of(), "gateway").output())
                .as("there is no tunnel device here, but all that comes before it")
                .contains("cipher implementation: openssl", "/dev/net/tun");
    }

    @Test
    void saysWhichProgramsThereAre() throws Exception {
        Answer answer = container.run(List.of(), "gatway");

        assertThat(answer.output()).contains("\"gatway\"", "gateway", "controller", "proxy");
        assertThat(answer.status()).isEqualTo(2);
    }

    @Test
    void runsAsNobodyUnlessAsked() {
        assertThat(image.config().path("User").asText()).isEqualTo("65532:65532");
    }

    @Test
    void isNotBuiltTwice() throws IOException {
        List<String> said = new ArrayList<>();
        FileTime before = Files.getLastModifiedTime(archive);

        assertThat(ImageBuild.ensure(said::add)).isEqualTo(archive);
        assertThat(said).isEmpty();
        assertThat(Files.getLastModifiedTime(archive)).isEqualTo(before);
    }
}
