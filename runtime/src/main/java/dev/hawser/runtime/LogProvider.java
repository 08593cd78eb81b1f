// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.CoreConstants;
import org.slf4j.ILoggerFactory;
import org.slf4j.IMarkerFactory;
import org.slf4j.helpers.BasicMarkerFactory;
import org.slf4j.spi.MDCAdapter;
import org.slf4j.spi.SLF4JServiceProvider;

/**
 * Logback without its search for a configuration, which {@link Logging} replaces anyway. SLF4J's search for a provider and
 * Logback's for a configuration each look into every jar of the class path, and a process that logs first opens all of them
 * before it does anything else.
 *
 * <p>SLF4J takes this provider where the system property {@code slf4j.provider} names it, as in the image. Elsewhere Logback's
 * own is found. Nothing is written before {@link Logging#configure}.
 */
public final class LogProvider implements SLF4JServiceProvider {
    private static final String API_VERSION = "2.0.99";

    private final LoggerContext loggers = new LoggerContext();
    private final IMarkerFactory markers = new BasicMarkerFactory();
    private final LogbackMDCAdapter diagnostics = new LogbackMDCAdapter();

    @Override
    public void initialize() {
        loggers.setName(CoreConstants.DEFAULT_CONTEXT_NAME);
        loggers.setMDCAdapter(diagnostics);
        loggers.start();
    }

    @Override
    public ILoggerFactory getLoggerFactory() {
        return loggers;
    }

    @Override
    public IMarkerFactory getMarkerFactory() {
        return markers;
    }

    @Override
    public MDCAdapter getMDCAdapter() {
        return diagnostics;
    }

    @Override
    public String getRequestedApiVersion() {
        return API_VERSION;
    }
}
