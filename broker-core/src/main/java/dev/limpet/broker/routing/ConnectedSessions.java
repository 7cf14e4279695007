package dev.limpet.broker.routing;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.PublicationId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.cluster.Holding;
import dev.limpet.broker.spi.store.InboxEntry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Gives routing access to the connections of this node: the port through which it calls up.
 * Thread-safe; no method blocks.
 */
public interface ConnectedSessions {

  /** An entry was appended to the inbox of a session that is connected here, if it still is. */
  void offer(ClientId clientId, InboxEntry entry);

  /** The inbox of a session has grown up to this sequence. */
  void wake(Claim reader, long sequence);

  /** Checks inboxes once, as they may have grown without notice (their home changed). */
  void wakeAll(Predicate<ClientId> which);

  /**
   * Closes the connection that holds this claim, once it has read everything its client has sent so
   * far; done when its last state is stored. Also answers for one that has ended by itself
   * meanwhile.
   */
  CompletionStage<Ending> evict(Claim old);

  /** All connected clients, at some moment. */
  List<AuditedBroker.Connected> connected();

  /** What this node has under a claim. */
  Holding holding(Claim claim);

  /**
   * Runs a task on the lane of the connection that holds a claim, unless its end has begun: what
   * the task asks of directory and store comes before the end does.
   *
   * @param task gets the last delivery that was read from the client's inbox, if any
   * @return empty when there is no such connection
   */
  <T> CompletionStage<Optional<T>> whileConnected(
      Claim claim, Function<@Nullable PublicationId, CompletionStage<T>> task);

  /**
   * Finds out whether the inbox reader of a client waits although it could send.
   *
   * @param lastSequence the highest one in the inbox
   * @return the sequence it has come to; -1 when it goes on by itself
   */
  CompletionStage<Long> stuckAt(Claim claim, long lastSequence);

  /** The same as {@link #evict}; keeps how it ended for a newer host that asks later. */
  CompletionStage<Ending> evictOutdone(Claim claim);

  /** Ends a connection that this node cannot serve any more (v5: 0x89). */
  void close(Claim claim, String why);

  /**
   * Ends all connections (v5: 0x89), as this node is cut off: nothing is stored or released for
   * them.
   */
  void cutOff();

  /** Returns a connected client's state for operators. */
  Optional<ClientView> inspect(ClientId clientId);
}
