package dev.limpet.cluster.status;

import com.hazelcast.config.Config;
import com.hazelcast.config.MapConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceNotActiveException;
import com.hazelcast.map.IMap;
import dev.limpet.broker.mqtt.NodeId;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes each node's status every {@value #PERIOD_MILLIS} ms, for all to read. A status not
 * repeated is forgotten after {@value #LIFE_SECONDS} s. Thread-safe: the map holds the state.
 */
public final class StatusBoard implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(StatusBoard.class);
  private static final String NAME = "limpet.status";
  private static final int PERIOD_MILLIS = 2_000;
  private static final int LIFE_SECONDS = 15;

  private final Vertx vertx;
  private final IMap<String, String> board;
  private final NodeId self;
  private final Supplier<StatusRecord> status;
  private final long timer;

  /**
   * Writes from now on.
   *
   * @param status of this node; called on an event loop
   */
  public StatusBoard(
      Vertx vertx, HazelcastInstance hazelcast, NodeId self, Supplier<StatusRecord> status) {
    this.vertx = vertx;
    this.board = hazelcast.getMap(NAME);
    this.self = self;
    this.status = status;
    this.timer = vertx.setPeriodic(0, PERIOD_MILLIS, id -> write());
  }

  /** Adds the map to the configuration of a member. */
  public static void configure(Config config) {
    config.addMapConfig(new MapConfig(NAME).setBackupCount(0).setStatisticsEnabled(false));
  }

  /**
   * Returns the nodes' last statuses; for this node the present one. Nodes without a status are
   * left out.
   */
  CompletionStage<Map<NodeId, StatusRecord>> read(Collection<NodeId> nodes) {
    Map<NodeId, StatusRecord> found = new ConcurrentHashMap<>();
    CompletableFuture<?>[] reads =
        nodes.stream()
            .filter(node -> !node.equals(self))
            .map(node -> read(node, found).toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new);
    return CompletableFuture.allOf(reads)
        .thenApply(
            done -> {
              found.put(self, status.get());
              return found;
            });
  }

  private CompletionStage<Void> read(NodeId node, Map<NodeId, StatusRecord> found) {
    return board
        .getAsync(key(node))
        .thenAccept(
            text -> {
              if (text != null) {
                StatusRecord.decode(text).ifPresent(record -> found.put(node, record));
              }
            });
  }

  private void write() {
    try {
      board
          .setAsync(key(self), status.get().encode(), LIFE_SECONDS, TimeUnit.SECONDS)
          .whenComplete(
              (done, failure) -> {
                if (failure != null) {
                  LOG.debug("the status was not written; the next one will be", failure);
                }
              });
    } catch (HazelcastInstanceNotActiveException e) {
      vertx.cancelTimer(timer);
    }
  }

  private static String key(NodeId node) {
    return node.name() + '/' + Long.toHexString(node.incarnation());
  }

  /** Stops writing; the entry written last expires. */
  @Override
  public void close() {
    vertx.cancelTimer(timer);
  }
}
