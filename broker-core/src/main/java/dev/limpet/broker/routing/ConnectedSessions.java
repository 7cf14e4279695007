package dev.limpet.broker.routing;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.ClientView;
import dev.limpet.broker.spi.cluster.Ending;
import dev.limpet.broker.spi.store.InboxEntry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

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

  /** The claims of all connections, at some moment. */
  List<Claim> claims();

  /** Returns a connected client's state for operators. */
  Optional<ClientView> inspect(ClientId clientId);
}
