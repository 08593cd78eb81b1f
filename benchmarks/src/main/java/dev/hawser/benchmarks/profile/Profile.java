// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.profile;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Where the processors were at many moments.
 *
 * @param moments one for each time that perf looked at a busy processor
 */
public record Profile(List<Moment> moments) {
    /** "    hawser-egress  123/456   7f00aa symbol+more (/lib/thing.so)", with blanks in thread names and symbols. */
    private static final Pattern LINE =
            Pattern.compile("\\s*(.+?)\\s+(\\d+)/\\d+\\s+([0-9a-f]+)\\s+(.*) \\(([^()]*|\\[.*])\\)");

    private static final int SYMBOLS = 14;
    private static final String OTHERS = "others";
    private static final String IPERF = "iperf3";

    /** Whose code it was. */
    enum Room {
        KERNEL("kernel"),
        CRYPTO("AEAD (native)"),
        JAVA("Java, compiled"),
        JVM("JVM and its compilers"),
        OTHER("other");

        private final String title;

        Room(String title) {
            this.title = title;
        }
    }

    /**
     * One of them.
     *
     * @param thread name, as far as the kernel keeps it
     * @param symbol the function
     */
    record Moment(String thread, Room room, String symbol) {}

    public Profile {
        moments = List.copyOf(moments);
    }

    /**
     * Reads what {@code perf script -F comm,pid,tid,ip,sym,dso} says.
     *
     * @param gateways their process ids; what neither they nor iperf3 did is "others"
     * @param maps by process id, of those that are JVMs
     */
    static Profile parse(List<String> lines, Set<Long> gateways, Map<Long, PerfMap> maps) {
        return new Profile(lines.stream()
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .filter(line -> !line.group(1).equals("swapper"))
                .map(line -> moment(line, gateways, maps))
                .toList());
    }

    private static Moment moment(Matcher line, Set<Long> gateways, Map<Long, PerfMap> maps) {
        String thread = line.group(1);
        long process = Long.parseLong(line.group(2));
        long address = Long.parseUnsignedLong(line.group(3), 16);
        String symbol = line.group(4).replaceAll("\\+0x[0-9a-f]+$", "");
        String library = line.group(5);
        if (!gateways.contains(process) && !thread.equals(IPERF)) {
            return new Moment(OTHERS, room(library), "");
        }
        PerfMap map = maps.get(process);
        // perf names the map that it misses, or what the memory is called.
        boolean made = library.endsWith(".map") || library.startsWith("//") || library.startsWith("[JIT]");
        if (map != null && made) {
            String name = map.name(address).orElse("code that was gone when the names were written");
            return new Moment(thread, Room.JAVA, name.replaceAll("\\(.*", ""));
        }
        return new Moment(thread, room(library), symbol);
    }

    private static Room room(String library) {
        if (library.contains("kernel") || library.equals("[vdso]")) {
            return Room.KERNEL;
        }
        if (library.contains("libcrypto")) {
            return Room.CRYPTO;
        }
        return library.contains("libjvm") ? Room.JVM : Room.OTHER;
    }

    /** Tables for people, as Markdown: by thread and room, then by function. */
    public String markdown() {
        return "| thread | " + title() + " | all |\n|---|" + "--:|".repeat(Room.values().length + 1) + "\n" + threads()
                + "\n| share | thread | function | in |\n|--:|---|---|---|\n" + functions();
    }

    /** Headings of a {@link #row}. */
    public static String header() {
        return "cores busy | gateways: " + title() + " | iperf3 | others";
    }

    /** What stands below those headings. */
    public static String rule() {
        return "--:|".repeat(Room.values().length + 3);
    }

    /**
     * All of it in one line: how busy the cores were, then shares of that.
     *
     * @param watched how long perf looked
     */
    public String row(Duration watched) {
        double busy = moments.size()
                / (Profiler.FREQUENCY
                        * watched.toSeconds()
                        * Runtime.getRuntime().availableProcessors());
        String gateways = List.of(Room.values()).stream()
                .map(room -> percent(moments.stream()
                        .filter(moment -> moment.room() == room && !elsewhere(moment))
                        .count()))
                .collect(Collectors.joining(" | "));
        return "%.0f %% | %s | %s | %s"
                .formatted(busy * 100, gateways, percent(threads(IPERF)), percent(threads(OTHERS)));
    }

    private static boolean elsewhere(Moment moment) {
        return moment.thread().equals(IPERF) || moment.thread().equals(OTHERS);
    }

    private long threads(String name) {
        return moments.stream().filter(moment -> moment.thread().equals(name)).count();
    }

    private static String title() {
        return List.of(Room.values()).stream().map(room -> room.title).collect(Collectors.joining(" | "));
    }

    private String threads() {
        Map<String, List<Moment>> byThread = moments.stream().collect(Collectors.groupingBy(Moment::thread));
        List<String> names = byThread.keySet().stream()
                .filter(name -> share(byThread.getOrDefault(name, List.of()).size()) >= 0.5)
                .sorted(Comparator.comparingInt(
                        name -> -byThread.getOrDefault(name, List.of()).size()))
                .toList();
        return names.stream()
                        .map(name -> row(name, byThread.getOrDefault(name, List.of())))
                        .collect(Collectors.joining())
                + row("all", moments);
    }

    private String row(String name, List<Moment> own) {
        Map<Room, Long> rooms =
                own.stream().collect(Collectors.groupingBy(Moment::room, TreeMap::new, Collectors.counting()));
        String cells = List.of(Room.values()).stream()
                .map(room -> percent(rooms.getOrDefault(room, 0L)))
                .collect(Collectors.joining(" | "));
        return "| " + name + " | " + cells + " | " + percent(own.size()) + " |\n";
    }

    private String functions() {
        Map<Moment, Long> counts = moments.stream()
                .filter(moment -> !moment.thread().equals(OTHERS))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.<Moment, Long>comparingByValue().reversed())
                .limit(SYMBOLS)
                .map(entry -> "| %s | %s | `%s` | %s |\n"
                        .formatted(
                                percent(entry.getValue()),
                                entry.getKey().thread(),
                                entry.getKey().symbol(),
                                entry.getKey().room().title))
                .collect(Collectors.joining());
    }

    private double share(long count) {
        return moments.isEmpty() ? 0 : 100.0 * count / moments.size();
    }

    private String percent(long count) {
        return String.format(Locale.ROOT, "%.1f %%", share(count));
    }
}
