package dev.limpet.broker.events;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Hears what event logs write at info, on all threads, instead of the console. */
public final class HeardLines implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger(EventLog.class);
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final AppenderBase<ILoggingEvent> ear =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          lines.add(event.getFormattedMessage());
        }
      };

  public HeardLines() {
    ear.start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(ear);
  }

  /** All so far. */
  public List<String> lines() {
    return lines;
  }

  /** Those that contain a text. */
  public List<String> about(String text) {
    return lines.stream().filter(line -> line.contains(text)).toList();
  }

  @Override
  public void close() {
    logger.detachAppender(ear);
    logger.setAdditive(true);
    logger.setLevel(null);
  }
}
