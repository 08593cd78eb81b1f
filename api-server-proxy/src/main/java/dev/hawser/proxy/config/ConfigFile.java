// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file on disk, looked at again and again. What cannot be read or understood leaves what held before, is logged once,
 * and stays visible as {@link #valid} until the file is right again. Safe for any thread.
 *
 * <p>The kubelet changes a mounted key by turning a symbolic link, so the real path counts beside the time of change.
 */
public final class ConfigFile {
    private static final Logger LOG = LoggerFactory.getLogger(ConfigFile.class);
    private static final long LARGEST = 1 << 20;

    private record Stamp(Path real, FileTime changed, long size) {}

    private final Path path;
    private @Nullable Stamp last;
    private @Nullable String lastTrouble;
    private volatile boolean valid;

    public ConfigFile(Path path) {
        this.path = path;
    }

    /** What the file says, where that is new and right; empty where nothing has changed or what has changed is wrong. */
    public synchronized Optional<ProxyConfig> poll() {
        try {
            Path real = path.toRealPath();
            Stamp stamp = new Stamp(real, Files.getLastModifiedTime(real), Files.size(real));
            if (stamp.equals(last)) {
                return Optional.empty();
            }
            if (stamp.size() > LARGEST) {
                throw new ConfigException(
                        "the file has %d bytes, more than %d; shorten it".formatted(stamp.size(), LARGEST));
            }
            ProxyConfig config = ConfigText.parse(Files.readString(real));
            last = stamp;
            valid = true;
            lastTrouble = null;
            return Optional.of(config);
        } catch (IOException e) {
            trouble("cannot be read (" + e + "); make it readable");
        } catch (ConfigException e) {
            trouble("is wrong: " + e.getMessage());
        }
        return Optional.empty();
    }

    /** Whether what holds is what the file says. */
    public boolean valid() {
        return valid;
    }

    private void trouble(String what) {
        valid = false;
        last = null;
        if (!what.equals(lastTrouble)) {
            lastTrouble = what;
            LOG.warn("{} {}; what held before goes on to hold", path, what);
        }
    }
}
