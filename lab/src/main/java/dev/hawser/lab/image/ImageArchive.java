// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.image;

import dev.hawser.lab.LabException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A small container image of one layer, to be written as an archive in the layout of the OCI image specification 1.1; an
 * immutable value.
 *
 * @param reference the name of the image
 * @param files absolute path in the image to the file of this machine that it is copied from
 * @param links absolute path in the image to the text of the symbolic link there
 * @param entrypoint the command of a container that names none
 */
public record ImageArchive(
        String reference, Map<String, Path> files, Map<String, String> links, List<String> entrypoint) {
    private static final String ARCHITECTURE =
            "aarch64".equals(System.getProperty("os.arch")) ? "arm64" : System.getProperty("os.arch");
    private static final int EXECUTABLE = 0755;
    private static final int READABLE = 0644;
    private static final int ANYBODYS = 01777;

    public ImageArchive {
        files = Map.copyOf(files);
        links = Map.copyOf(links);
        entrypoint = List.copyOf(entrypoint);
    }

    public static ImageArchive of(String reference) {
        return new ImageArchive(reference, Map.of(), Map.of(), List.of());
    }

    /** The image with an executable file more. */
    public ImageArchive file(Path source, String path) {
        Map<String, Path> more = new LinkedHashMap<>(files);
        more.put(path, source);
        return new ImageArchive(reference, more, links, entrypoint);
    }

    /** The image with a symbolic link more. */
    public ImageArchive link(String path, String target) {
        return links(Map.of(path, target));
    }

    /** The image with symbolic links more. */
    public ImageArchive links(Map<String, String> targets) {
        Map<String, String> more = new LinkedHashMap<>(links);
        more.putAll(targets);
        return new ImageArchive(reference, files, more, entrypoint);
    }

    public ImageArchive entrypoint(String... command) {
        return new ImageArchive(reference, files, links, List.of(command));
    }

    /** Writes the archive to a new file. */
    public void write(Path target) {
        try {
            Path layer = Files.createTempFile("hawser-layer-", ".tar");
            try {
                writeLayer(layer);
                writeLayout(layer, target);
            } finally {
                Files.delete(layer);
            }
        } catch (IOException e) {
            throw new LabException("image " + reference + " cannot be written to " + target, e);
        }
    }

    private void writeLayer(Path layer) throws IOException {
        Set<String> paths = new TreeSet<>(files.keySet());
        paths.addAll(links.keySet());
        try (TarFile tar = open(layer)) {
            tar.folder("tmp", ANYBODYS);
            for (String folder : folders(paths)) {
                tar.folder(folder, EXECUTABLE);
            }
            for (String path : paths) {
                String name = path.substring(1);
                Path source = files.get(path);
                if (source == null) {
                    tar.link(name, links.getOrDefault(path, ""));
                } else {
                    tar.file(name, EXECUTABLE, source);
                }
            }
        }
    }

    private void writeLayout(Path layer, Path target) throws IOException {
        String layerDigest = sha256(Files.readAllBytes(layer));
        String config = """
                {"architecture":"%s","os":"linux","config":{"Entrypoint":[%s],"Env":["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]},\
                "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}""".formatted(ARCHITECTURE, quoted(entrypoint), layerDigest);
        String manifest = """
                {"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":%s,"layers":[%s]}""".formatted(
                        descriptor("config.v1+json", sha256(config), bytes(config).length, ""),
                        descriptor("layer.v1.tar", layerDigest, Files.size(layer), ""));
        String named = ",\"annotations\":{\"io.containerd.image.name\":\"" + reference
                + "\",\"org.opencontainers.image.ref.name\":\"" + reference + "\"}";
        String index = "{\"schemaVersion\":2,\"manifests\":["
                + descriptor("manifest.v1+json", sha256(manifest), bytes(manifest).length, named) + "]}";
        try (TarFile tar = open(target)) {
            tar.file("oci-layout", READABLE, bytes("{\"imageLayoutVersion\":\"1.0.0\"}"));
            tar.file("index.json", READABLE, bytes(index));
            tar.file("blobs/sha256/" + sha256(config), READABLE, bytes(config));
            tar.file("blobs/sha256/" + sha256(manifest), READABLE, bytes(manifest));
            tar.file("blobs/sha256/" + layerDigest, READABLE, layer);
        }
    }

    private static TarFile open(Path file) throws IOException {
        OutputStream out = Files.newOutputStream(file);
        return new TarFile(new BufferedOutputStream(out, 1 << 16));
    }

    /** Every folder above the paths, the outer ones first. */
    private static Set<String> folders(Set<String> paths) {
        Set<String> folders = new TreeSet<>();
        for (String path : paths) {
            for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
                folders.add(path.substring(1, slash));
            }
        }
        folders.remove("tmp");
        return folders;
    }

    private static String descriptor(String type, String digest, long size, String more) {
        return "{\"mediaType\":\"application/vnd.oci.image." + type + "\",\"digest\":\"sha256:" + digest
                + "\",\"size\":" + size + more + "}";
    }

    private static String quoted(List<String> words) {
        List<String> all = new ArrayList<>();
        for (String word : words) {
            all.add('"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
        }
        return all.stream().collect(Collectors.joining(","));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String sha256(String text) {
        return sha256(bytes(text));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
