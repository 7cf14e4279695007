package dev.limpet.cluster.log;

import ch.qos.logback.core.recovery.ResilientFileOutputStream;
import ch.qos.logback.core.status.Status;
import ch.qos.logback.core.status.StatusListener;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reports on standard error when logback, which stays silent, cannot write the log file (a full
 * disk, for example): at once, and each minute while it lasts. The node continues, and lines go to
 * the terminal. Thread-safe: one lock.
 */
public final class LogFileWatch implements StatusListener {
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Path file;
  private final PrintStream err;
  private final LongSupplier nanos;
  private boolean failing;
  private boolean told;
  private long failedNanos;
  private long toldNanos;

  /**
   * @param file to name
   * @param err where to say it
   * @param nanos a clock that never goes back
   */
  public LogFileWatch(Path file, PrintStream err, LongSupplier nanos) {
    this.file = file;
    this.err = err;
    this.nanos = nanos;
  }

  @Override
  public synchronized void addStatusEvent(Status status) {
    if (!(status.getOrigin() instanceof ResilientFileOutputStream)) {
      return;
    }
    failing = status.getEffectiveLevel() >= Status.ERROR;
    if (failing) {
      failedNanos = nanos.getAsLong();
      tell(status.getThrowable());
    }
  }

  /** Logback opens the file anew, calls that recovered, and fails again: one sentence for all. */
  private void tell(@Nullable Throwable cause) {
    if (told && failedNanos - toldNanos < MINUTE_NANOS) {
      return;
    }
    told = true;
    toldNanos = failedNanos;
    err.printf(
        "limpet: the log file %s cannot be written%s: its lines are lost until it can be%n",
        file, cause == null ? "" : " (" + cause.getMessage() + ")");
  }

  /** Whether lines are lost, or were within the last minute. */
  public synchronized boolean isFailing() {
    return failing || (told && nanos.getAsLong() - failedNanos < MINUTE_NANOS);
  }
}
