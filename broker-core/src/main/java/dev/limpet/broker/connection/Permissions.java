package dev.limpet.broker.connection;

import dev.limpet.broker.guard.Guard;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the authorizer what one client may do, and treats its exceptions as refusals. Immutable. */
public final class Permissions {
  private static final Logger LOG = LoggerFactory.getLogger(Permissions.class);

  private final Authorizer authorizer;
  private final ClientIdentity client;

  public Permissions(Authorizer authorizer, ClientIdentity client) {
    this.authorizer = authorizer;
    this.client = client;
  }

  /** Denies {@code $SYS} topics, whatever the authorizer says, except a bridge's state. */
  public CompletableFuture<Decision> publish(TopicName topic) {
    if (topic.isSystem() && !topic.isBridgeState()) {
      return Decision.DENY.now();
    }
    return ask("Authorizer.mayPublish", () -> authorizer.mayPublish(client, topic));
  }

  public CompletableFuture<Decision> subscribe(SharedFilter filter) {
    return ask("Authorizer.maySubscribe", () -> authorizer.maySubscribe(client, filter));
  }

  public CompletableFuture<Decision> receive(TopicName topic) {
    return ask("Authorizer.mayReceive", () -> authorizer.mayReceive(client, topic));
  }

  private CompletableFuture<Decision> ask(
      String question, Supplier<CompletableFuture<Decision>> call) {
    CompletableFuture<Decision> answer = Guard.future(question, call);
    return answer.isCompletedExceptionally() ? failed(answer) : answer;
  }

  private CompletableFuture<Decision> failed(CompletableFuture<Decision> answer) {
    var unused =
        answer.exceptionally(
            failure -> {
              LOG.error("The authorizer failed for {}, who is refused", client, failure);
              return Decision.DENY;
            });
    return Decision.DENY.now();
  }

  /** Whether a subscription is granted, with or without a filter. */
  public static boolean isGranted(CompletableFuture<Decision> answer) {
    return isAllowed(answer) || isFiltered(answer);
  }

  /** Whether a subscription is granted, but its messages must be filtered. */
  static boolean isFiltered(CompletableFuture<Decision> answer) {
    return !answer.isCompletedExceptionally()
        && answer.getNow(Decision.DENY) == Decision.ALLOW_FILTERED;
  }

  /** Whether an answer has come and is a yes. */
  public static boolean isAllowed(CompletableFuture<Decision> answer) {
    return !answer.isCompletedExceptionally() && answer.getNow(Decision.DENY) == Decision.ALLOW;
  }
}
