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
 * @param replayed whether it is a retained publication for a new subscription; those have their own
 *     bounds
 */
public record Delivery(
    Publication publication,
    Qos qos,
    boolean retain,
    List<Integer> subscriptionIds,
    @Nullable SharedFilter share,
    boolean replayed) {

  /** Spreads a hash over 64 bits. */
  private static final long MIX = 0x9E37_79B9_7F4A_7C15L;

  public Delivery {
    subscriptionIds = List.copyOf(subscriptionIds);
  }

  /** One for plain subscriptions. */
  public Delivery(Publication publication, Qos qos, boolean retain, List<Integer> subscriptionIds) {
    this(publication, qos, retain, subscriptionIds, null);
  }

  /** One that is not replayed. */
  public Delivery(
      Publication publication,
      Qos qos,
      boolean retain,
      List<Integer> subscriptionIds,
      @Nullable SharedFilter share) {
    this(publication, qos, retain, subscriptionIds, share, false);
  }

  /** Delivers a retained publication to a new subscription [MQTT-3.3.1-8]. */
  public static Delivery replayed(Publication publication, Subscription subscription) {
    int id = subscription.subscriptionId();
    return new Delivery(
        publication,
        publication.qos().atMost(subscription.maxQos()),
        true,
        id == 0 ? List.of() : List.of(id),
        null,
        true);
  }

  /**
   * Names it among the deliveries of one session, which may get a publication by plain
   * subscriptions and again by each of its share groups.
   */
  public PublicationId id() {
    return id(publication.id(), share);
  }

  /** The same of a publication that came by a share group, or by none. */
  public static PublicationId id(PublicationId id, @Nullable SharedFilter share) {
    return share == null
        ? id
        : new PublicationId(id.origin() ^ share.toString().hashCode() * MIX, id.sequence());
  }
}
