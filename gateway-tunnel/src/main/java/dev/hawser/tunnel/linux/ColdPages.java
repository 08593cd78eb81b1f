// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives back the pages of mapped files that only the start or a compiler has read. The JVM makes every class of its cache ready,
 * libjvm is mostly compilers and collectors that rarely run, and the kernel maps what lies around each page that is touched.
 * All of it stays in the kernel's page cache, from where those pages come back that are used again.
 *
 * <p>Only mappings that cannot be written and have no page of their own are touched: dropping those can lose nothing
 * (madvise(2), MADV_DONTNEED). And only those of files that stay mapped as long as the process lives: where another file was, the
 * next moment somebody's heap may be.
 */
@SuppressWarnings("restricted")
public final class ColdPages {
    private static final Path SELF = Path.of("/proc/self/smaps");
    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (\\S{4}) \\S+ \\S+ \\d+ *(.*)");
    private static final Pattern UNWRITABLE = Pattern.compile("r-[x-][ps]");
    /** Pages that are no longer the file's. Dirty ones may be the file's own, which has not reached the disk yet. */
    private static final Pattern OWN = Pattern.compile("Anonymous: +(\\d+) kB");

    private static final List<String> FOR_LIFE = List.of(".aot", "/libjvm.so", "/lib/modules");
    private static final int MADV_DONTNEED = 4;

    /**
     * A mapping that may be dropped.
     *
     * @param length in bytes
     */
    record Mapping(long address, long length) {}

    private ColdPages() {}

    /**
     * Gives them back.
     *
     * @return how many bytes of address space were let go; 0 where the kernel does not say what is mapped
     */
    public static long release() {
        try {
            long released = 0;
            for (Mapping mapping : droppable(Files.readAllLines(SELF))) {
                released += drop(mapping) ? mapping.length() : 0;
            }
            return released;
        } catch (IOException notLinux) {
            return 0;
        }
    }

    static List<Mapping> droppable(List<String> lines) {
        List<Mapping> found = new ArrayList<>();
        boolean candidate = false;
        for (String line : lines) {
            Matcher head = MAPPING.matcher(line);
            Matcher own = OWN.matcher(line);
            if (head.matches()) {
                candidate = UNWRITABLE.matcher(head.group(3)).matches()
                        && FOR_LIFE.stream().anyMatch(head.group(4)::endsWith);
                if (candidate) {
                    long from = Long.parseUnsignedLong(head.group(1), 16);
                    found.add(new Mapping(from, Long.parseUnsignedLong(head.group(2), 16) - from));
                }
            } else if (candidate && own.matches() && !own.group(1).equals("0")) {
                found.removeLast();
                candidate = false;
            }
        }
        return found;
    }

    private static boolean drop(Mapping mapping) {
        Linker linker = Linker.nativeLinker();
        MethodHandle madvise = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("madvise"),
                FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
        try {
            return (int) madvise.invokeExact(mapping.address(), mapping.length(), MADV_DONTNEED) == 0;
        } catch (Throwable impossible) {
            throw new IllegalStateException("madvise cannot be called", impossible);
        }
    }
}
