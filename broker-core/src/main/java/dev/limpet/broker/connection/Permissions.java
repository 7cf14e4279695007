package dev.limpet.broker.connection;

import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one client may do: asks the authoriser, and takes what it throws for a refusal. Immutable.
 */
final class Permissions {
  private static final Logger LOG = LoggerFactory.getLogger(Permissions.class);

  private final Authorizer authorizer;
  private final ClientIdentity client;

  Permissions(Authorizer authorizer, ClientIdentity client) {
    this.authorizer = authorizer;
    this.client = client;
  }

  /** Nobody speaks in the server's name, whatever the authoriser says. */
  CompletableFuture<Decision> publish(TopicName topic) {
    if (topic.isSystem()) {
      return Decision.DENY.now();
    }
    try {
      return authorizer.mayPublish(client, topic);
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  CompletableFuture<Decision> subscribe(SharedFilter filter) {
    return guarded(() -> authorizer.maySubscribe(client, filter));
  }

  CompletableFuture<Decision> receive(TopicName topic) {
    return guarded(() -> authorizer.mayReceive(client, topic));
  }

  private CompletableFuture<Decision> guarded(Supplier<CompletableFuture<Decision>> question) {
    try {
      return question.get();
    } catch (RuntimeException e) {
      return failed(e);
    }
  }

  private CompletableFuture<Decision> failed(RuntimeException e) {
    LOG.error("The authoriser failed for {}, who is refused", client, e);
    return Decision.DENY.now();
  }

  /** Whether an answer that has come is a yes. */
  static boolean isAllowed(CompletableFuture<Decision> answer) {
    return !answer.isCompletedExceptionally() && answer.join() == Decision.ALLOW;
  }
}
