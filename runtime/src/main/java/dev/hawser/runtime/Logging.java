// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Set-up of Logback from {@code HAWSER_LOG_LEVEL} (error, warn, info, debug, trace; default info) and
 * {@code HAWSER_LOG_FORMAT} (text or json; default text). Everything goes to standard error, so that standard output
 * stays free for what a command answers. In code rather than in a file, so that no file on a class path can change it.
 */
public final class Logging {
    /** How a line is written. */
    public enum Format {
        TEXT,
        JSON
    }

    /** What is written at all. */
    public enum Threshold {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    // Line breaks in a message are shown as a blank: a remote party must not be able to forge a log line.
    private static final String PATTERN =
            "%d{\"yyyy-MM-dd'T'HH:mm:ss.SSS'Z'\",UTC} %-5level [%thread] %logger{0}: %replace(%msg){'[\\r\\n]+', ' '} %kvp%n%ex";

    // Their warnings are nobody's to act on: one for every alpha kind, and a stack trace for every watch that ended and
    // is
    // started again, which whoever follows the objects logs in a line.
    private static final List<String> NOISY = List.of(
            "io.fabric8.kubernetes.client.dsl.internal.VersionUsageUtils",
            "io.fabric8.kubernetes.client.informers.impl.cache.Reflector");

    private Logging() {}

    /** Replaces whatever configuration Logback has. Called once, before anything is logged. */
    public static void configure(Settings settings) {
        Threshold threshold = settings.choice("HAWSER_LOG_LEVEL", Threshold.INFO);
        Format format = settings.choice("HAWSER_LOG_FORMAT", Format.TEXT);
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();

        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName("stderr");
        appender.setTarget("System.err");
        appender.setEncoder(encoder(format, context));
        appender.start();

        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.toLevel(threshold.name()));
        root.addAppender(appender);
        if (root.getLevel().isGreaterOrEqual(Level.INFO)) {
            NOISY.forEach(name -> context.getLogger(name).setLevel(Level.ERROR));
        }
    }

    private static Encoder<ILoggingEvent> encoder(Format format, LoggerContext context) {
        Encoder<ILoggingEvent> encoder = switch (format) {
            case TEXT -> {
                PatternLayoutEncoder text = new PatternLayoutEncoder();
                text.setPattern(PATTERN);
                yield text;
            }
            case JSON -> {
                JsonEncoder json = new JsonEncoder();
                json.setWithSequenceNumber(false);
                json.setWithContext(false);
                json.setWithMessage(false);
                json.setWithArguments(false);
                json.setWithFormattedMessage(true);
                yield json;
            }
        };
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }
}
