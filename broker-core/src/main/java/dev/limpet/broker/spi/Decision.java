package dev.limpet.broker.spi;

import static java.util.concurrent.CompletableFuture.completedFuture;

import java.util.concurrent.CompletableFuture;

/**
 * Represents the answer of one link of a chain: the first that does not ignore a question decides
 * it.
 */
public enum Decision {
  ALLOW,
  DENY,
  /**
   * Of a subscription: granted, but not all it matches may be had. Each delivery of such a session
   * is asked for with {@link Authorizer#mayReceive}, whose answer then has to be there at once: one
   * that is not is a refusal. Of anything but a subscription, a refusal.
   */
  ALLOW_FILTERED,
  /** Not mine to decide: the next link is asked; after the last one it means no. */
  IGNORE;

  /** The answers that are known at once, made once: no question on the hot path allocates. */
  private static final class Answers {
    static final CompletableFuture<Decision> ALLOWED = completedFuture(ALLOW);
    static final CompletableFuture<Decision> FILTERED = completedFuture(ALLOW_FILTERED);
    static final CompletableFuture<Decision> DENIED = completedFuture(DENY);
    static final CompletableFuture<Decision> IGNORED = completedFuture(IGNORE);
  }

  /** This decision as an answer that is known at once; always the same object. */
  public CompletableFuture<Decision> now() {
    return switch (this) {
      case ALLOW -> Answers.ALLOWED;
      case ALLOW_FILTERED -> Answers.FILTERED;
      case DENY -> Answers.DENIED;
      case IGNORE -> Answers.IGNORED;
    };
  }
}
