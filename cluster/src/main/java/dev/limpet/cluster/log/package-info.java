/**
 * Bounds log lines by kind before they are written, and reports a log file that cannot be written.
 * Knows Logback. {@code cli.logging} puts it in place.
 */
@NullMarked
package dev.limpet.cluster.log;

import org.jspecify.annotations.NullMarked;
