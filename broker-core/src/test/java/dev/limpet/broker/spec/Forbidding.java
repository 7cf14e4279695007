package dev.limpet.broker.spec;

import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.concurrent.CompletableFuture;

/** Refuses one topic, until it does not any more. Thread-safe: one volatile flag. */
final class Forbidding implements Authorizer {
  private final String topic;
  private volatile boolean lifted;

  Forbidding(String topic) {
    this.topic = topic;
  }

  /** From now on everything is allowed, or not. */
  void lift(boolean value) {
    lifted = value;
  }

  @Override
  public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName name) {
    return answer(name.value());
  }

  @Override
  public CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter) {
    return answer(filter.toString());
  }

  private CompletableFuture<Decision> answer(String text) {
    return !lifted && text.equals(topic) ? Decision.DENY.now() : Decision.ALLOW.now();
  }
}
