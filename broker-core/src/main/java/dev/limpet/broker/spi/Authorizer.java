package dev.limpet.broker.spi;

import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;

/**
 * Decides what a client may do. Thread-safe; called on lanes, so it answers from memory at once.
 */
public interface Authorizer {

  /** Allows everything. */
  Authorizer ALLOW_ALL =
      new Authorizer() {
        @Override
        public boolean mayPublish(ClientIdentity client, TopicName topic) {
          return true;
        }

        @Override
        public boolean maySubscribe(ClientIdentity client, SharedFilter filter) {
          return true;
        }
      };

  boolean mayPublish(ClientIdentity client, TopicName topic);

  boolean maySubscribe(ClientIdentity client, SharedFilter filter);
}
