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
 * Gives back the pages of the JVM's class cache that only the start has read: the JVM makes every class of the cache ready, and
 * the kernel maps what lies around each page that is touched. They stay in the kernel's page cache, from where those come back
 * that are used again.
 *
 * <p>Only mappings that are private, cannot be written and have no page of their own are touched: dropping those can lose
 * nothing (madvise(2), MADV_DONTNEED).
 */
@SuppressWarnings("restricted")
public final class ColdPages {
    private static final Path SELF = Path.of("/proc/self/smaps");
    private static final Pattern MAPPING = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (\\S{4}) \\S+ \\S+ \\d+ *(.*)");
    /** Pages that are no longer the file's. Dirty ones may be the file's own, which has not reached the disk yet. */
    private static final Pattern OWN = Pattern.compile("Anonymous: +(\\d+) kB");

    private static final String READ_ONLY = "r--p";
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
     * @param file how the name of the mapped file ends
     * @return bytes that were let go; 0 where there is no such mapping, or the kernel does not say
     */
    public static long release(String file) {
        try {
            long released = 0;
            for (Mapping mapping : droppable(Files.readAllLines(SELF), file)) {
                released += drop(mapping) ? mapping.length() : 0;
            }
            return released;
        } catch (IOException notLinux) {
            return 0;
        }
    }

    static List<Mapping> droppable(List<String> lines, String file) {
        List<Mapping> found = new ArrayList<>();
        boolean candidate = false;
        for (String line : lines) {
            Matcher head = MAPPING.matcher(line);
            Matcher own = OWN.matcher(line);
            if (head.matches()) {
                candidate = head.group(3).equals(READ_ONLY) && head.group(4).endsWith(file);
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
