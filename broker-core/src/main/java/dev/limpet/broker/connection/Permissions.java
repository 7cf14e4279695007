package dev.limpet.broker.connection;

import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one client may do: asks the authoriser, and takes what it throws for a refusal. Immutable.
 */
public final class Permissions {
  private static final Logger LOG = LoggerFactory.getLogger(Permissions.class);

  private final Authorizer authorizer;
  private final ClientIdentity client;

  public Permissions(Authorizer authorizer, ClientIdentity client) {
    this.authorizer = authorizer;
    this.client = client;
  }

  /**
   * Nobody speaks in the server's name, whatever the authoriser says; bridges speak in their own.
   */
  public CompletableFuture<Decision> publish(TopicName topic) {
    if (topic.isSystem() && !topic.isBridgeState()) {
      return Decision.DENY.now();
    }
    try {
      return answered(authorizer.mayPublish(client, topic));
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return failed(e);
    }
  }

  public CompletableFuture<Decision> subscribe(SharedFilter filter) {
    return guarded(() -> authorizer.maySubscribe(client, filter));
  }

  public CompletableFuture<Decision> receive(TopicName topic) {
    return guarded(() -> authorizer.mayReceive(client, topic));
  }

  private CompletableFuture<Decision> guarded(Supplier<CompletableFuture<Decision>> question) {
    try {
      return answered(question.get());
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      return failed(e);
    }
  }

  private static CompletableFuture<Decision> answered(
      @Nullable CompletableFuture<Decision> answer) {
    return Objects.requireNonNull(answer, "an authoriser answers with a future");
  }

  private CompletableFuture<Decision> failed(Throwable e) {
    LOG.error("The authoriser failed for {}, who is refused", client, e);
    return Decision.DENY.now();
  }

  /** Whether a subscription is granted, with or without a filter. */
  public static boolean isGranted(CompletableFuture<Decision> answer) {
    return isAllowed(answer) || isFiltered(answer);
  }

  /** Whether a subscription is granted, and what it brings is to be filtered. */
  static boolean isFiltered(CompletableFuture<Decision> answer) {
    return !answer.isCompletedExceptionally()
        && answer.getNow(Decision.DENY) == Decision.ALLOW_FILTERED;
  }

  /** Whether an answer has come and is a yes. */
  public static boolean isAllowed(CompletableFuture<Decision> answer) {
    return !answer.isCompletedExceptionally() && answer.getNow(Decision.DENY) == Decision.ALLOW;
  }
}
