package dev.limpet.broker.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks files once a second, on its own thread. Polling sees every kind of change on every kind of
 * file system, including links redirected to another file.
 *
 * <p>Thread-safe.
 */
public final class FileWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);
  private static final long PERIOD_MILLIS = 1_000;

  private final List<Watched<?>> watched = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(FileWatch::daemon);

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "limpet-files");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Reads files now and whenever one of them changes. Blocks.
   *
   * @throws IOException when they cannot be used to begin with
   */
  public synchronized <T> Watched<T> watch(List<Path> files, FileReader<T> reader)
      throws IOException {
    Watched<T> content = new Watched<>(files, reader);
    if (watched.isEmpty()) {
      var unused =
          thread.scheduleWithFixedDelay(
              this::lookNow, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }
    watched.add(content);
    return content;
  }

  /**
   * Rereads all files, changed or not; unusable ones change nothing. Runs on the watching thread
   * and blocks until done.
   *
   * @return for each group of files one entry
   */
  public List<Reread> readAgain() {
    try {
      return thread.submit(() -> watched.stream().map(Watched::readAgain).toList()).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return List.of();
    } catch (ExecutionException e) {
      throw new IllegalStateException("could not reread the files", e);
    } catch (RejectedExecutionException e) {
      return List.of(); // closed: the files are no longer watched
    }
  }

  private void lookNow() {
    for (Watched<?> each : watched) {
      try {
        each.refresh();
      } catch (RuntimeException e) {
        LOG.error("Could not apply the change of a file", e);
      }
    }
  }

  /** Stops watching; the content read last stays in use. */
  @Override
  public void close() {
    thread.shutdownNow();
  }
}
