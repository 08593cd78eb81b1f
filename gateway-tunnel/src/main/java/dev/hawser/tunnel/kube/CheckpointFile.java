// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the {@link Checkpoint} in a file that only its owner reads. It holds private keys: its place is a volume in memory, as
 * that of a Secret, which lives as long as the pod and outlives its containers. What another build wrote, or what cannot be
 * read, is as good as none. Confined to one thread after {@link #read}.
 */
public final class CheckpointFile {
    private static final Logger LOG = LoggerFactory.getLogger(CheckpointFile.class);
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final int ROOM = 1 << 16;

    private final Optional<Path> file;
    private final String build;
    private Optional<Checkpoint> written = Optional.empty();
    private boolean failing;

    /** Bytes with keys in them. */
    private static final class Wiped extends ByteArrayOutputStream {
        Wiped() {
            // More than the keys, which come first, so that no copy of them stays behind when it grows.
            super(ROOM);
        }

        @Override
        public void close() {
            Arrays.fill(buf, (byte) 0);
        }
    }

    /**
     * A file; nothing is kept without one.
     *
     * @param build name of the build whose checkpoints are understood
     */
    public CheckpointFile(Optional<Path> file, String build) {
        this.file = file;
        this.build = build;
    }

    /** What was kept last; what is kept for the next one after this is moved on at once, because this one may end at once. */
    public Optional<Checkpoint> read() {
        Optional<Checkpoint> kept = file.flatMap(this::read);
        kept.map(Checkpoint::forTheNext).ifPresent(this::keep);
        return kept;
    }

    private Optional<Checkpoint> read(Path path) {
        byte[] bytes = {};
        try {
            bytes = Files.readAllBytes(path);
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
            if (!in.readUTF().equals(build)) {
                LOG.info("{} is of another build and not used", path);
                return Optional.empty();
            }
            return Optional.of(CheckpointCodec.read(in));
        } catch (NoSuchFileException firstStart) {
            return Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} cannot be used, so that peers wait for the API server: {}", path, e.toString());
            return Optional.empty();
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /** Keeps this from now on. A failure is told once; the gateway does not depend on it. */
    void keep(Checkpoint checkpoint) {
        if (file.isEmpty() || written.filter(checkpoint::equals).isPresent()) {
            return;
        }
        try {
            write(file.get(), checkpoint);
            written = Optional.of(checkpoint);
            failing = false;
        } catch (IOException e) {
            if (!failing) {
                LOG.warn(
                        "{} cannot be written, so a restart will wait for the API server: {}",
                        file.get(),
                        e.toString());
            }
            failing = true;
        }
    }

    private void write(Path path, Checkpoint checkpoint) throws IOException {
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, OWNER_ONLY);
        try (Wiped bytes = new Wiped()) {
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeUTF(build);
            CheckpointCodec.write(checkpoint, out);
            try (var channel = Files.newOutputStream(fresh)) {
                bytes.writeTo(channel);
            }
        }
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
