// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the image takes from this machine's system: the programs {@code ip} and {@code nft}, libcrypto, and every shared
 * library that these and the Java runtime need, at the places where they are here. All from one machine, so that they
 * fit each other.
 */
final class NativeFiles {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final List<String> PROGRAM_FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");
    private static final String CRYPTO = "libcrypto.so.3";
    // "libc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x…)", or the loader alone: "/lib64/ld-linux-x86-64.so.2 (0x…)".
    private static final Pattern NEEDED =
            Pattern.compile("^\\s+(?:(\\S+) => )?(/\\S+|not found)(?: \\(0x[0-9a-f]+\\))?$", Pattern.MULTILINE);

    private NativeFiles() {}

    /** {@code ip}, {@code nft} and libcrypto. */
    static List<ImageFile> own() {
        List<ImageFile> files = new ArrayList<>();
        files.add(program("ip", "iproute2"));
        files.add(program("nft", "nftables"));
        Path crypto = librariesOf(List.of(files.getFirst().source()), Set.of()).values().stream()
                .map(library -> library.resolveSibling(CRYPTO))
                .filter(Files::exists)
                .findFirst()
                .orElseThrow(() -> new ImageException(
                        CRYPTO + " is missing on this machine; install OpenSSL 3 (Debian: libssl3)"));
        files.add(new ImageFile(crypto, crypto.toString(), false));
        return files;
    }

    /**
     * The shared libraries that programs and libraries need, and those need.
     *
     * @param brought names of libraries that are in the image anyway and found by other means
     */
    static List<ImageFile> needed(Collection<Path> binaries, Set<String> brought) {
        return librariesOf(binaries, brought).values().stream()
                .map(library -> new ImageFile(library, library.toString(), true))
                .toList();
    }

    private static Map<String, Path> librariesOf(Collection<Path> binaries, Set<String> brought) {
        List<String> command = new ArrayList<>();
        command.add("ldd");
        binaries.forEach(binary -> command.add(binary.toString()));
        String output =
                Program.run("finding shared libraries", command, Map.of("PATH", "/usr/bin:/bin", "LC_ALL", "C"), LIMIT);
        Map<String, Path> libraries = new TreeMap<>();
        Matcher line = NEEDED.matcher(output);
        while (line.find()) {
            String path = line.group(2);
            String name = line.group(1) == null ? Path.of(path).getFileName().toString() : line.group(1);
            if (brought.contains(Path.of(name).getFileName().toString())) {
                continue;
            }
            if (path.equals("not found")) {
                throw new ImageException("the library " + name + " is needed in the image and missing on this machine");
            }
            libraries.put(name, Path.of(path));
        }
        return libraries;
    }

    private static ImageFile program(String name, String debianPackage) {
        return PROGRAM_FOLDERS.stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(file -> new ImageFile(file, "/usr/sbin/" + name, true))
                .orElseThrow(() -> new ImageException("the program " + name
                        + " belongs into the image and is missing on this machine; install the package "
                        + debianPackage));
    }

    /** File names, as the loader looks for them. */
    static Set<String> names(Collection<Path> files) {
        return files.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
}
