// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.profile;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Code that a JVM made, by address: the lines of its {@code perf-PID.map}. */
record PerfMap(TreeMap<Long, Code> code) {
    /** A piece of code. */
    record Code(long end, String name) {}

    static PerfMap parse(List<String> lines) {
        TreeMap<Long, Code> code = new TreeMap<>(Long::compareUnsigned);
        for (String line : lines) {
            String[] words = line.strip().split(" ", 3);
            if (words.length == 3) {
                long begin = Long.parseUnsignedLong(words[0].replace("0x", ""), 16);
                long size = Long.parseUnsignedLong(words[1].replace("0x", ""), 16);
                code.put(begin, new Code(begin + size, words[2]));
            }
        }
        return new PerfMap(code);
    }

    Optional<String> name(long address) {
        Map.Entry<Long, Code> entry = code.floorEntry(address);
        if (entry == null || Long.compareUnsigned(address, entry.getValue().end()) >= 0) {
            return Optional.empty();
        }
        return Optional.of(entry.getValue().name());
    }
}
