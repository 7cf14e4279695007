package dev.limpet.broker.spi.cluster;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.Subscription;
import java.util.List;

/**
 * Carries one step from a client's host to its session's home while a new subscription replays
 * retained publications into the inbox there. The steps of one replay come in this order: {@link
 * Begin}, {@link Draw}, {@link Page} until the last one; {@link End} may replace any but the first.
 */
public sealed interface ReplayStep {

  /** The number of the replay, which its host gives once in its life. */
  long number();

  /**
   * Hold back appends to the inbox that match the subscription. Sent before the subscription is
   * stored. Fails with {@link NotHomeException}.
   */
  record Begin(long number, ClientId clientId, Subscription subscription) implements ReplayStep {}

  /**
   * All nodes know of the subscription: done when every publication numbered before is held back,
   * or in the retained store. Sent before the search.
   */
  record Draw(long number) implements ReplayStep {}

  /**
   * The next publications found. With the last one the replay is the home's: retained publications
   * go first, then those held back.
   */
  record Page(long number, List<Publication> retained, boolean last) implements ReplayStep {
    public Page {
      retained = List.copyOf(retained);
    }
  }

  /** Nothing follows: release the publications held back. */
  record End(long number) implements ReplayStep {}
}
