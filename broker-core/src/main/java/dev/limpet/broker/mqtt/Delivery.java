package dev.limpet.broker.mqtt;

import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A publication on its way to one session: all its matching subscriptions merged into one.
 * Immutable.
 *
 * @param qos the lower of the publication's and the highest granted QoS [MQTT-3.8.4-8]
 * @param retain the RETAIN flag the subscriber sees
 * @param subscriptionIds of all matching subscriptions that have one [MQTT-3.3.4-3]
 * @param share the share group it was picked from, which gets it back when the session cannot take
 *     it; null for plain subscriptions
 */
public record Delivery(
    Publication publication,
    Qos qos,
    boolean retain,
    List<Integer> subscriptionIds,
    @Nullable SharedFilter share) {

  /** Spreads a hash over 64 bits. */
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  public Delivery {
    subscriptionIds = List.copyOf(subscriptionIds);
  }

  /** One for plain subscriptions. */
  public Delivery(Publication publication, Qos qos, boolean retain, List<Integer> subscriptionIds) {
    this(publication, qos, retain, subscriptionIds, null);
  }

  /**
   * Names it among the deliveries of one session, which may get a publication by plain
   * subscriptions and again by each of its share groups.
   */
  public PublicationId id() {
    PublicationId id = publication.id();
    return share == null
        ? id
        : new PublicationId(id.origin() ^ share.toString().hashCode() * MIX, id.sequence());
  }
}
