package dev.limpet.store;

import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.BinaryReader;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.store.call.RetryingCalls;
import dev.limpet.store.write.AnswerFormat;
import dev.limpet.store.write.DescribeSession;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** Reads the images of sessions for their home, in slices of bounded size. Thread-safe. */
final class SessionImages {
  /** Ids in one operation: some hundred kilobytes of answers with usual subscriptions. */
  private static final int SLICE = 500;

  private final IMap<String, DurableSession> sessions;
  private final RetryingCalls calls;

  SessionImages(IMap<String, DurableSession> sessions, RetryingCalls calls) {
    this.sessions = sessions;
    this.calls = calls;
  }

  CompletableFuture<List<SessionImage>> describe(Collection<ClientId> clientIds) {
    List<ClientId> all = List.copyOf(clientIds);
    CompletableFuture<List<SessionImage>> done = new CompletableFuture<>();
    describe(all, 0, new ArrayList<>(), done);
    return done;
  }

  private void describe(
      List<ClientId> all,
      int from,
      List<SessionImage> found,
      CompletableFuture<List<SessionImage>> done) {
    if (from >= all.size()) {
      done.complete(found);
      return;
    }
    int to = Math.min(from + SLICE, all.size());
    read(all.subList(from, to))
        .whenComplete(
            (images, failure) -> {
              if (failure != null) {
                done.completeExceptionally(failure);
              } else {
                images.forEach((id, image) -> found.add(image(id, image)));
                describe(all, to, found, done);
              }
            });
  }

  /** Reading has no backup to wait for, so here an operation may span keys. */
  private CompletableFuture<Map<String, byte[]>> read(List<ClientId> slice) {
    var keys = slice.stream().map(ClientId::value).collect(Collectors.toUnmodifiableSet());
    DescribeSession description = new DescribeSession();
    if (slice.size() > 1) {
      return calls.call(() -> sessions.submitToKeys(keys, description));
    }
    String key = slice.get(0).value();
    return calls.call(
        () ->
            sessions
                .submitToKey(key, description)
                .thenApply(image -> image == null ? Map.of() : Map.of(key, image)));
  }

  private static SessionImage image(String clientId, byte[] image) {
    return AnswerFormat.readImage(ClientId.of(clientId), new BinaryReader(Buffer.buffer(image)));
  }
}
