package dev.limpet.cluster.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.regex.Pattern;

/**
 * Identifies lines that differ only in details: by their logger and the beginning of their message,
 * up to the first number, quotation, bracket or colon. Immutable.
 */
record LineKind(String logger, String beginning) {
  /** Hazelcast begins each message with {@code [ADDRESS]:PORT [CLUSTER] [VERSION]}. */
  private static final Pattern PREFIX = Pattern.compile("^(\\[[^\\]]*\\](:\\d+)? *)+");

  private static final Pattern DETAIL = Pattern.compile("[\\d{\\[('\":].*", Pattern.DOTALL);
  private static final int LENGTH_MAX = 60;
  private static final int LENGTH_MIN = 8;

  static LineKind of(ILoggingEvent event) {
    String message = PREFIX.matcher(String.valueOf(event.getMessage())).replaceFirst("");
    String words = DETAIL.matcher(message).replaceFirst("").strip();
    return new LineKind(event.getLoggerName(), cut(words.length() < LENGTH_MIN ? message : words));
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(LENGTH_MAX, text.length()));
  }
}
