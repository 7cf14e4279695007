package dev.limpet.cluster.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import dev.limpet.broker.events.EventLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Passes lines on to other appenders, at most {@value #LINES_MAX} of one kind in {@value
 * #WINDOW_MILLIS} ms, then reports how many it suppressed. A library that repeats itself thousands
 * of times must fill neither disk nor terminal. Lines below info pass unbounded: they are only
 * written on request.
 *
 * <p>Knows at most {@value #KINDS_MAX} kinds, and forgets the one that was quiet for longest.
 * Thread-safe: logback calls it under its own lock, which {@link #flush} takes, too.
 */
public final class BoundedAppender extends AppenderBase<ILoggingEvent> {
  static final int LINES_MAX = 20;
  static final long WINDOW_MILLIS = 10_000;
  static final int KINDS_MAX = 1_000;

  /** Its lines are bounded already, each kind by itself. */
  private static final String BOUNDED_ELSEWHERE = EventLog.class.getName();

  private static final String NOT_ACTIVE =
      "ExceptionalResult{cause=com.hazelcast.core.HazelcastInstanceNotActiveException";

  private final List<Appender<ILoggingEvent>> targets = new ArrayList<>();

  /** The quietest first. */
  private final Map<LineKind, Window> windows =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<LineKind, Window> quietest) {
          return size() > KINDS_MAX;
        }
      };

  /** Lines of one kind, from the first on. Guarded by the appender's lock. */
  private static final class Window {
    private final long beganMillis;
    private int written;
    private long leftOut;
    private Level level = Level.INFO;

    Window(long beganMillis) {
      this.beganMillis = beganMillis;
    }
  }

  /** Adds where lines go; before {@link #start}. */
  public void addTarget(Appender<ILoggingEvent> target) {
    targets.add(target);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (isOfNoUse(event)) {
      return;
    }
    boolean bounded =
        event.getLevel().isGreaterOrEqual(Level.INFO)
            && !event.getLoggerName().equals(BOUNDED_ELSEWHERE);
    if (!bounded || hasRoom(event)) {
      targets.forEach(target -> target.doAppend(event));
    }
  }

  /**
   * A node that stops completes its outstanding calls with "not active", and those that were to be
   * tried again just then once more, with the same: Hazelcast warns of the second.
   */
  private static boolean isOfNoUse(ILoggingEvent event) {
    if (!event.getLoggerName().startsWith("com.hazelcast.spi.impl.")) {
      return false;
    }
    String message = event.getFormattedMessage();
    return message.contains("Future.complete(Object) on completed future")
        && message.contains("current value: " + NOT_ACTIVE)
        && message.contains("offered value: " + NOT_ACTIVE);
  }

  private boolean hasRoom(ILoggingEvent event) {
    LineKind kind = LineKind.of(event);
    Window window = windows.get(kind);
    long now = event.getTimeStamp();
    if (window == null || now - window.beganMillis >= WINDOW_MILLIS) {
      if (window != null) {
        sayLeftOut(kind, window);
      }
      window = new Window(now);
      windows.put(kind, window);
    }
    if (window.written < LINES_MAX) {
      window.written++;
      return true;
    }
    if (window.leftOut == 0) {
      flushLater();
    }
    window.leftOut++;
    window.level = event.getLevel();
    return false;
  }

  private void flushLater() {
    if (getContext() != null) {
      var unused =
          getContext()
              .getScheduledExecutorService()
              .schedule(
                  () -> flush(System.currentTimeMillis()),
                  WINDOW_MILLIS + 1,
                  TimeUnit.MILLISECONDS);
    }
  }

  /** Reports lines suppressed in windows that have ended by this time, in epoch milliseconds. */
  synchronized void flush(long nowMillis) {
    windows.forEach(
        (kind, window) -> {
          if (nowMillis - window.beganMillis >= WINDOW_MILLIS) {
            sayLeftOut(kind, window);
          }
        });
  }

  private void sayLeftOut(LineKind kind, Window window) {
    if (window.leftOut > 0 && getContext() instanceof LoggerContext context) {
      LoggingEvent told =
          new LoggingEvent(
              BoundedAppender.class.getName(),
              context.getLogger(kind.logger()),
              window.level,
              "{} more lines like '{}' were left out",
              null,
              new Object[] {window.leftOut, kind.beginning()});
      window.leftOut = 0;
      targets.forEach(target -> target.doAppend(told));
    }
  }

  @Override
  public void stop() {
    super.stop();
    flush(Long.MAX_VALUE);
    targets.forEach(Appender::stop);
  }
}
