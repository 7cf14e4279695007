package dev.limpet.broker.spi;

import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.concurrent.CompletableFuture;

/**
 * Decides what a client may do. Thread-safe; called on lanes, so it must not block: one that knows
 * the answer gives {@link Decision#now}, which costs nothing; until one that does not has answered,
 * only that client's packets wait. {@link Decision#IGNORE} is a refusal unless a further authorizer
 * is asked, and so is a failure.
 */
public interface Authorizer {

  /** Allows everything. */
  Authorizer ALLOW_ALL =
      new Authorizer() {
        @Override
        public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
          return Decision.ALLOW.now();
        }

        @Override
        public CompletableFuture<Decision> maySubscribe(
            ClientIdentity client, SharedFilter filter) {
          return Decision.ALLOW.now();
        }

        @Override
        public CompletableFuture<Decision> mayReceive(ClientIdentity client, TopicName topic) {
          return Decision.ALLOW.now();
        }
      };

  /** Asked for each PUBLISH, and at CONNECT for the topic of the will. */
  CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic);

  /**
   * Asked for each filter of SUBSCRIBE, and again for stored ones when a session is resumed; {@link
   * Decision#ALLOW_FILTERED} grants a filter wider than the client's rights.
   */
  CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter);

  /**
   * Asked for each retained publication before a new subscription brings it, and for each delivery
   * to a session with a filter that is {@link Decision#ALLOW_FILTERED}.
   */
  default CompletableFuture<Decision> mayReceive(ClientIdentity client, TopicName topic) {
    return maySubscribe(client, new SharedFilter(null, TopicFilter.of(topic.value())));
  }

  /** Has {@code listener} run, on any thread, when answers may have changed. */
  default void onChange(Runnable listener) {}
}
