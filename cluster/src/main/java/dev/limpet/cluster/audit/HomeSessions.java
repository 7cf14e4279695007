package dev.limpet.cluster.audit;

import com.hazelcast.core.HazelcastInstance;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.durable.DurableSession;
import dev.limpet.broker.spi.durable.SessionCell;
import dev.limpet.broker.spi.store.SessionImage;
import dev.limpet.store.call.MapNames;
import dev.limpet.store.hazelcast.PartitionVisits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads the stored sessions at home on this node, a partition at a time. Thread-safe. */
public final class HomeSessions {
  private final PartitionVisits visits;

  public HomeSessions(HazelcastInstance hazelcast) {
    this.visits = new PartitionVisits(hazelcast.<String, DurableSession>getMap(MapNames.SESSIONS));
  }

  /**
   * Reads the sessions in a partition.
   *
   * @param seen hears of each, on the partition's thread
   * @return whether this node is the owner; completed on the partition's thread
   */
  CompletionStage<Boolean> visit(int partition, Consumer<SessionImage> seen) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    visits.visit(
        partition,
        new PartitionVisits.Visitor() {
          @Override
          public void entry(Supplier<String> key, @Nullable Object value) {
            if (value instanceof DurableSession session) {
              new SessionCell(session).describe(ClientId.of(key.get())).ifPresent(seen);
            }
          }

          @Override
          public void seen(boolean isOwner) {
            done.complete(isOwner);
          }

          @Override
          public void failed(RuntimeException failure) {
            done.completeExceptionally(failure);
          }
        });
    return done;
  }
}
