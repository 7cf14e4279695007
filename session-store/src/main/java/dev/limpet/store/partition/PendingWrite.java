package dev.limpet.store.partition;

import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.store.write.SessionWrite;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Holds a write until its answer arrives. Handled in two steps, so that all answers of an operation
 * are decoded (and listeners told) before the first caller hears of it. Confined to the group
 * commit once submitted, except for its future.
 */
public final class PendingWrite<T extends @Nullable Object> {
  private final ClientId clientId;
  private final SessionWrite write;
  private final Function<BinaryReader, T> reading;
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private @Nullable Runnable completion;

  /**
   * @param reading takes this write's answer from those of an operation; its exception becomes the
   *     failure of the future
   */
  public PendingWrite(ClientId clientId, SessionWrite write, Function<BinaryReader, T> reading) {
    this.clientId = clientId;
    this.write = write;
    this.reading = reading;
  }

  ClientId clientId() {
    return clientId;
  }

  SessionWrite write() {
    return write;
  }

  public CompletableFuture<T> future() {
    return future;
  }

  void read(BinaryReader answers) {
    try {
      T value = reading.apply(answers);
      completion = () -> future.complete(value);
    } catch (RuntimeException e) {
      completion = () -> future.completeExceptionally(e);
    }
  }

  void complete() {
    if (completion != null) {
      completion.run();
    }
  }

  void fail(Throwable failure) {
    future.completeExceptionally(failure);
  }
}
