// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Writes a tar archive (POSIX.1-1988 ustar) whose bytes depend on nothing but its entries: all belong to root and were
 * changed in the first second of 1970. Names have at most 100 bytes. For one thread.
 */
final class TarFile implements AutoCloseable {
    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;

    private final OutputStream out;

    TarFile(OutputStream out) {
        this.out = out;
    }

    void folder(String name, int mode) throws IOException {
        out.write(header(name + "/", mode, 0, '5', ""));
    }

    void link(String name, String target) throws IOException {
        out.write(header(name, 0777, 0, '2', target));
    }

    void file(String name, int mode, byte[] content) throws IOException {
        out.write(header(name, mode, content.length, '0', ""));
        out.write(content);
        pad(content.length);
    }

    void file(String name, int mode, Path source) throws IOException {
        long size = Files.size(source);
        out.write(header(name, mode, size, '0', ""));
        try (InputStream in = Files.newInputStream(source)) {
            if (in.transferTo(out) != size) {
                throw new IOException(source + " changed while it was read");
            }
        }
        pad(size);
    }

    /** Ends the archive and closes what it was written to. */
    @Override
    public void close() throws IOException {
        try (out) {
            out.write(new byte[2 * BLOCK]);
        }
    }

    private void pad(long size) throws IOException {
        out.write(new byte[Math.floorMod(-size, BLOCK)]);
    }

    private static byte[] header(String name, int mode, long size, char type, String target) throws IOException {
        byte[] header = new byte[BLOCK];
        text(header, 0, name);
        octal(header, 100, 8, mode);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        octal(header, 124, 12, size);
        octal(header, 136, 12, 0);
        header[156] = (byte) type;
        text(header, 157, target);
        text(header, 257, "ustar\00000");
        // The sum is taken over the header with blanks in its own place.
        Arrays.fill(header, 148, 156, (byte) ' ');
        int sum = 0;
        for (byte value : header) {
            sum += value & 0xff;
        }
        octal(header, 148, 7, sum);
        return header;
    }

    private static void text(byte[] header, int offset, String value) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > LONGEST_NAME) {
            throw new IOException("name is too long for a tar archive: " + value);
        }
        System.arraycopy(bytes, 0, header, offset, bytes.length);
    }

    /** Octal digits, the last of {@code length} bytes left zero. */
    private static void octal(byte[] header, int offset, int length, long value) {
        long rest = value;
        for (int i = offset + length - 2; i >= offset; i--) {
            header[i] = (byte) ('0' + (rest & 7));
            rest >>>= 3;
        }
    }
}
