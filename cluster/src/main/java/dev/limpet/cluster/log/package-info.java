/**
 * What stands between a log line and where it is written: bounds for each kind of line, and a word
 * when the log file cannot be written. Knows Logback. {@code cli.logging} puts it in place.
 */
@NullMarked
package dev.limpet.cluster.log;

import org.jspecify.annotations.NullMarked;
