// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApplicationJarTest {
    private static final SortedMap<String, byte[]> MODULES =
            ClassPath.ofThisJvm().moduleEntries();

    @TempDir
    Path folder;

    private Path jar(String name, String buildId) {
        Path jar = folder.resolve(name);
        ApplicationJar.write(jar, MODULES, List.of("a.jar", "b.jar"), "1.2.3", buildId);
        return jar;
    }

    @Test
    void isTheSameForTheSameContent() throws Exception {
        assertThat(jar("one.jar", "id")).hasSameBinaryContentAs(jar("other.jar", "id"));
    }

    @Test
    void carriesTheBuildIdAsCode() throws Exception {
        URL[] path = {jar("app.jar", "0a1b2c").toUri().toURL()};
        try (URLClassLoader loader = new URLClassLoader(path, null)) {
            Method id = loader.loadClass("dev.hawser.runtime.CompiledBuild").getDeclaredMethod("id");
            id.setAccessible(true);

            assertThat(id.invoke(null)).isEqualTo("0a1b2c");
        }
    }

    @Test
    void saysHowItIsRun() throws Exception {
        try (JarFile jar = new JarFile(jar("app.jar", "id").toFile())) {
            var manifest = jar.getManifest().getMainAttributes();

            assertThat(manifest.getValue("Class-Path")).isEqualTo("lib/a.jar lib/b.jar");
            assertThat(manifest.getValue("Main-Class")).isEqualTo("dev.hawser.entry.app.Main");
            assertThat(manifest.getValue("Enable-Native-Access")).isEqualTo("ALL-UNNAMED");
            assertThat(jar.getEntry("dev/hawser/tunnel/app/GatewayMain.class")).isNotNull();
            assertThat(jar.getEntry("dev/hawser/image/ImageBuild.class")).isNull();
        }
    }

    @Test
    void refusesToBuildWhatCouldNotSayItsBuild() {
        SortedMap<String, byte[]> without = new TreeMap<>(MODULES);
        without.remove("dev/hawser/runtime/CompiledBuild.class");

        assertThatThrownBy(() -> ApplicationJar.write(folder.resolve("app.jar"), without, List.of(), "1", "id"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("CompiledBuild");
        assertThat(Files.exists(folder.resolve("app.jar"))).isFalse();
    }

    @Test
    void changesItsIdWithEveryClass() {
        Ingredients ingredients = new Ingredients("1", new TreeMap<>(MODULES), List.of(), List.of());
        SortedMap<String, byte[]> changed = new TreeMap<>(MODULES);
        changed.computeIfPresent("dev/hawser/runtime/Launch.class", (name, content) -> {
            byte[] other = content.clone();
            other[other.length - 1] ^= 1;
            return other;
        });

        assertThat(new Ingredients("1", changed, List.of(), List.of()).buildId())
                .isNotEqualTo(ingredients.buildId());
    }
}
