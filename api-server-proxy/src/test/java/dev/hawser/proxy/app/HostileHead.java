// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/**
 * One line of {@code hostile-heads.txt}.
 *
 * @param status that the proxy must answer with
 * @param name for people
 * @param bytes as ISO 8859-1
 */
record HostileHead(int status, String name, String bytes) {
    private static final String FILE = "hostile-heads.txt";

    static List<HostileHead> all() throws IOException {
        try (InputStream file = Objects.requireNonNull(HostileHead.class.getResourceAsStream(FILE), FILE)) {
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(HostileHead::parse)
                    .toList();
        }
    }

    private static HostileHead parse(String line) {
        String[] parts = line.split(" \\| ", 3);
        return new HostileHead(Integer.parseInt(parts[0]), parts[1], decode(parts[2]));
    }

    private static String decode(String text) {
        StringBuilder bytes = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char next = text.charAt(at++);
            if (next == '{') {
                int star = text.indexOf('*', at);
                int end = text.indexOf('}', star);
                bytes.repeat(decode(text.substring(star + 1, end)), Integer.parseInt(text.substring(at, star)));
                at = end + 1;
            } else if (next != '\\') {
                bytes.append(next);
            } else if (text.charAt(at) == 'x') {
                bytes.append((char) Integer.parseInt(text.substring(at + 1, at + 3), 16));
                at += 3;
            } else {
                bytes.append(escaped(text.charAt(at++)));
            }
        }
        return bytes.toString();
    }

    private static char escaped(char letter) {
        return switch (letter) {
            case 'r' -> '\r';
            case 'n' -> '\n';
            case 't' -> '\t';
            case '0' -> '\0';
            case '\\' -> '\\';
            default -> throw new IllegalArgumentException("no escape: \\" + letter);
        };
    }

    @Override
    public String toString() {
        return name + ": " + status;
    }
}
