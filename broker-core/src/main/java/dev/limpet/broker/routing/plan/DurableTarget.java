package dev.limpet.broker.routing.plan;

import dev.limpet.broker.delivery.DeliveryTerms;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.store.InboxTarget;
import org.jspecify.annotations.Nullable;

/** Names a durable session at home here that receives a topic. Immutable. */
record DurableTarget(
    ClientId clientId, @Nullable DeliveryTerms ofOthers, @Nullable DeliveryTerms ofItself) {

  /** Returns the delivery for its inbox; null for none. */
  @Nullable InboxTarget target(Publication publication) {
    DeliveryTerms terms = publication.publisher().equals(clientId) ? ofItself : ofOthers;
    return terms == null || !terms.maxQos().isAcknowledged()
        ? null
        : new InboxTarget(clientId, terms.delivery(publication));
  }
}
