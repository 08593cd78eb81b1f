// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The frame around the {@code main} of every process: logging first, then the process's own start, then waiting for the
 * signal. A {@link SettingsException} or {@link BuildException} becomes one sentence on standard error and status 2, any
 * other failure to start a log entry and status 1; what was already running is closed in both cases.
 */
public final class Launch {
    /** The start of one process: makes its parts, registers each for the end, and returns. */
    @FunctionalInterface
    public interface Start {
        void start(Settings settings, Termination termination) throws Exception;
    }

    private Launch() {}

    /**
     * Runs a process until it is told to end. Does not return after a failure, and otherwise only when every part is
     * closed.
     *
     * @param name the process, for messages
     */
    public static void run(String name, Start start) {
        Logger log = LoggerFactory.getLogger(Launch.class);
        try {
            Build build = Build.current();
            Settings settings = Settings.of(System.getenv());
            Logging.configure(settings);
            Termination termination =
                    Termination.atShutdown(settings.duration("HAWSER_STOP_TIMEOUT", Duration.ofSeconds(10)));
            start.start(settings, termination);
            log.info(
                    "{} {} started in {} ms",
                    name,
                    build,
                    ManagementFactory.getRuntimeMXBean().getUptime());
            termination.await();
        } catch (SettingsException | BuildException e) {
            System.err.println("hawser " + name + ": " + e.getMessage() + ".");
            System.exit(2);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            System.exit(1);
        } catch (Exception e) {
            log.error("{} could not start", name, e);
            System.exit(1);
        }
    }
}
