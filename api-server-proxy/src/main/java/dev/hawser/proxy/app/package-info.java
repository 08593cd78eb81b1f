/**
 * The proxy as a process: settings in, parts made and wired, readiness.
 *
 * <p>{@link dev.hawser.proxy.app.ProxyMain} is the entry point. There is no decision about a request here.
 */
@NullMarked
package dev.hawser.proxy.app;

import org.jspecify.annotations.NullMarked;
