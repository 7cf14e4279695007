package dev.limpet.broker.files;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the value of some files as of their last good state.
 *
 * <p>Thread-safe: one volatile value, written by the thread of its {@link FileWatch}.
 */
public final class Watched<T> implements Supplier<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Watched.class);

  private final List<Path> files;
  private final FileReader<T> reader;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private Fingerprint fingerprint;
  private volatile T value;

  Watched(List<Path> files, FileReader<T> reader) throws IOException {
    this.files = List.copyOf(files);
    this.reader = reader;
    this.fingerprint = Fingerprint.of(files); // before reading: a change meanwhile is seen later
    this.value = reader.read(files);
  }

  @Override
  public T get() {
    return value;
  }

  /** Has {@code listener} run on the watching thread after each change that was taken over. */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** Rereads the files if they changed; unusable ones change nothing. */
  void refresh() {
    Fingerprint now = Fingerprint.of(files);
    if (now.equals(fingerprint)) {
      return;
    }
    fingerprint = now;
    try {
      value = reader.read(files);
    } catch (IOException | RuntimeException e) {
      LOG.warn("Cannot use the change of {}, the previous content stays: {}", files, said(e));
      return;
    }
    LOG.info("Applied the change of {}", files);
    listeners.forEach(Runnable::run);
  }

  /** Rereads the files whether they changed or not; unusable ones change nothing. */
  Reread readAgain() {
    fingerprint = Fingerprint.of(files);
    try {
      value = reader.read(files);
    } catch (IOException | RuntimeException e) {
      return new Reread(files, said(e));
    }
    listeners.forEach(Runnable::run);
    return new Reread(files, "");
  }

  private static String said(Exception e) {
    return e instanceof FileProblemException ? String.valueOf(e.getMessage()) : e.toString();
  }
}
