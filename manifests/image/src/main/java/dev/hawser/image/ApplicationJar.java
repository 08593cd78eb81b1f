// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import static java.lang.constant.ConstantDescs.CD_String;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.Deflater;

/**
 * The one jar with all classes of ours. The build id goes in twice: as code, in place of a class of the runtime module,
 * and as a file; a JVM that takes code from a stale cache tells on itself by the difference.
 *
 * <p>The same content gives the same bytes.
 */
final class ApplicationJar {
    private static final String MAIN = "dev.hawser.entry.app.Main";
    private static final String COMPILED_BUILD = "dev.hawser.runtime.CompiledBuild";
    private static final String BUILD_FILE = "dev/hawser/runtime/build-id";
    // The oldest that a jar can say, in its own zoneless way.
    static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private ApplicationJar() {}

    /**
     * Writes the jar.
     *
     * @param entries classes and resources by name
     * @param libraries file names in the folder {@link Layout#LIBRARIES} beside the jar
     */
    static void write(
            Path jar, SortedMap<String, byte[]> entries, List<String> libraries, String version, String buildId) {
        String compiledBuild = COMPILED_BUILD.replace('.', '/') + ".class";
        SortedMap<String, byte[]> all = new TreeMap<>(entries);
        if (all.put(compiledBuild, compiledBuild(buildId)) == null) {
            throw new ImageException(compiledBuild + " is missing; without it nobody can tell which build runs");
        }
        all.put(BUILD_FILE, buildId.getBytes(StandardCharsets.UTF_8));
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream output = new JarOutputStream(file)) {
            // Not compressed: the layer is, and better.
            output.setLevel(Deflater.NO_COMPRESSION);
            output.putNextEntry(entry(JarFile.MANIFEST_NAME));
            manifest(libraries, version).write(output);
            for (Map.Entry<String, byte[]> each : all.entrySet()) {
                output.putNextEntry(entry(each.getKey()));
                output.write(each.getValue());
            }
        } catch (IOException e) {
            throw new ImageException("cannot write " + jar + ": " + e.getMessage(), e);
        }
    }

    private static JarEntry entry(String name) {
        JarEntry entry = new JarEntry(name);
        entry.setTimeLocal(TIME);
        return entry;
    }

    private static Manifest manifest(List<String> libraries, String version) {
        Manifest manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, MAIN);
        main.put(Attributes.Name.IMPLEMENTATION_VERSION, version);
        // As a flag it would have to be the same in training; here it is.
        main.putValue("Enable-Native-Access", "ALL-UNNAMED");
        main.put(
                Attributes.Name.CLASS_PATH,
                libraries.stream().map(name -> Layout.LIBRARIES + "/" + name).collect(Collectors.joining(" ")));
        return manifest;
    }

    private static byte[] compiledBuild(String buildId) {
        return ClassFile.of()
                .build(
                        ClassDesc.of(COMPILED_BUILD),
                        type -> type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER)
                                .withMethodBody(
                                        "id",
                                        MethodTypeDesc.of(CD_String),
                                        ClassFile.ACC_STATIC,
                                        code -> code.ldc(buildId).areturn()));
    }
}
