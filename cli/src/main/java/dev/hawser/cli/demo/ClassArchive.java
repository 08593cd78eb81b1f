// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The loaded classes of a program, kept by the JVM (JEP 350) so that its next start reads and verifies none of them.
 *
 * <p>A demo starts its supervisor and {@code hawser peer} from the class path of the build, on what may be two cores; much
 * of such a start is class loading. The pods of Hawser have the AOT cache of the image instead. The archives lie beside the
 * build, so a new build starts without any, and the JVM itself discards one that does not fit. A program writes its
 * archive when it ends in good order; only one program of a name may do so.
 *
 * @param file the archive; null if nobody said where, as in tests
 */
public record ClassArchive(@Nullable Path file) {
    /** Names the folder for archives; the launcher sets it. */
    static final String VARIABLE = "HAWSER_CLASS_ARCHIVES";

    /** The archive of a program of the demo. */
    public static ClassArchive of(String program) {
        String folder = System.getenv(VARIABLE);
        return new ClassArchive(folder == null || folder.isBlank() ? null : Path.of(folder, program + ".jsa"));
    }

    /** JVM flags that use the archive, and make it if {@code writer}. */
    public List<String> flags(boolean writer) {
        if (file == null) {
            return List.of();
        }
        // A first start finds none or an outdated one, a later one misses the module graph in it; the JVM would say so
        // on
        // standard output, where answers go, or call it an error.
        List<String> use = new ArrayList<>(List.of(
                "-XX:SharedArchiveFile=" + file, "-Xlog:disable", "-Xlog:all=error:stderr", "-Xlog:cds=off:stderr"));
        if (writer) {
            use.add("-XX:+AutoCreateSharedArchive");
        }
        return writer || Files.exists(file) ? use : List.of();
    }
}
