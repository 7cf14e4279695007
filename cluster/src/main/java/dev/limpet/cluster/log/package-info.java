/**
 * What stands between a log line and where it is written: bounds, and the end of the disk. Knows
 * logback; {@code cli} puts it in place.
 */
@NullMarked
package dev.limpet.cluster.log;

import org.jspecify.annotations.NullMarked;
