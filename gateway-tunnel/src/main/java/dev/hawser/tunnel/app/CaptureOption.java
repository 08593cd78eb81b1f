// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.runtime.Settings;
import dev.hawser.runtime.SettingsException;
import dev.hawser.tunnel.capture.Capture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code --pcap FOLDER}, or {@code HAWSER_PCAP=FOLDER} where arguments are hard to give: packets go into files there, from
 * either side of the remap. {@code HAWSER_PCAP_BYTES} of each packet are kept, and {@code HAWSER_PCAP_MEGABYTES} in all.
 */
final class CaptureOption {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureOption.class);
    private static final String OPTION = "--pcap";
    private static final String SETTING = "HAWSER_PCAP";

    private CaptureOption() {}

    /** The capture that is asked for, begun; nothing if none is. */
    static Optional<Capture> begin(List<String> arguments, Settings settings) {
        Optional<Path> folder = folder(arguments, settings);
        if (folder.isEmpty()) {
            return Optional.empty();
        }
        int megabytes = settings.number("HAWSER_PCAP_MEGABYTES", 64, 1, 65_536);
        int kept = settings.number("HAWSER_PCAP_BYTES", Capture.HEADERS, 20, 65_535);
        try {
            Capture capture = Capture.start(folder.get(), megabytes * 1_000_000L, kept, InstantSource.system());
            LOG.info(
                    "packets are captured: {} bytes of each, in local.pcap and tunnel.pcap in {}, {} MB at most",
                    kept,
                    folder.get(),
                    megabytes);
            return Optional.of(capture);
        } catch (IOException e) {
            throw new SettingsException(SETTING + ": no files can be written in " + folder.get() + " (" + e.getMessage()
                    + "); name a folder that can be written to, such as a volume of the pod");
        }
    }

    private static Optional<Path> folder(List<String> arguments, Settings settings) {
        if (arguments.isEmpty()) {
            return settings.text(SETTING).map(Path::of);
        }
        if (arguments.size() == 2 && arguments.getFirst().equals(OPTION)) {
            return Optional.of(Path.of(arguments.getLast()));
        }
        if (arguments.size() == 1 && arguments.getFirst().startsWith(OPTION + "=")) {
            return Optional.of(Path.of(arguments.getFirst().substring(OPTION.length() + 1)));
        }
        throw new SettingsException(
                "the arguments " + String.join(" ", arguments) + " are not known; there is only " + OPTION + " FOLDER");
    }
}
