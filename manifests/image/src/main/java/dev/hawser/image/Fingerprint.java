// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 over named parts, names and lengths included, so that no two lists of parts run together. For one thread.
 */
final class Fingerprint {
    private static final int SHOWN_BYTES = 8;
    private static final int CHUNK = 64 * 1024;

    private final MessageDigest digest;

    Fingerprint() {
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    Fingerprint add(String name, byte[] content) {
        head(name, content.length);
        digest.update(content);
        return this;
    }

    Fingerprint add(String name, String content) {
        return add(name, content.getBytes(StandardCharsets.UTF_8));
    }

    Fingerprint add(String name, Path file) {
        try (InputStream stream = Files.newInputStream(file)) {
            head(name, Files.size(file));
            byte[] chunk = new byte[CHUNK];
            for (int read = stream.read(chunk); read >= 0; read = stream.read(chunk)) {
                digest.update(chunk, 0, read);
            }
            return this;
        } catch (IOException e) {
            throw new ImageException("cannot read " + file + ", which belongs into the image: " + e.getMessage(), e);
        }
    }

    /** The first 8 bytes of the hash in hexadecimal; ends the fingerprint. */
    String text() {
        return HexFormat.of().formatHex(digest.digest(), 0, SHOWN_BYTES);
    }

    private void head(String name, long length) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        digest.update(bytes);
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(length).array());
    }
}
