package dev.limpet.broker.delivery;

import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.session.SendQueue;
import dev.limpet.broker.topic.TopicFilter;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Holds the live deliveries of one session until a new subscription has sent its retained
 * publications: those come first, or not at all where the live stream has them [MQTT-4.6.0-6].
 *
 * <p>Confined to its lane. Bounded by its queue.
 */
public final class HeldBack {
  private final SendQueue queue;
  private final List<Hold> holds = new ArrayList<>();

  /** The publications one node numbered for one topic, which come in the order of their numbers. */
  private record Stream(TopicName topic, long origin) {
    static Stream of(Publication publication) {
      return new Stream(publication.topic(), publication.id().origin());
    }
  }

  /** One new subscription, until its retained publications are sent. */
  public static final class Hold {
    private final TopicFilter filter;

    /** Where each stream began that was held back. */
    private final Map<Stream, Long> first = new HashMap<>();

    /** How far each stream was sent from the inbox meanwhile. */
    private final Map<Stream, Long> sent = new HashMap<>();

    private Hold(TopicFilter filter) {
      this.filter = filter;
    }

    /**
     * Whether the live stream has a retained publication, or newer ones of its topic and publisher
     * were sent, so that it must not be sent once more.
     */
    public boolean hasOrIsPast(Publication retained) {
      Stream stream = Stream.of(retained);
      long number = retained.id().sequence();
      return first.getOrDefault(stream, Long.MAX_VALUE) <= number
          || sent.getOrDefault(stream, Long.MIN_VALUE) >= number;
    }
  }

  /**
   * @param queue for deliveries that wait, used only by this object
   */
  public HeldBack(SendQueue queue) {
    this.queue = queue;
  }

  /** Holds back matching deliveries from now on. */
  public Hold begin(TopicFilter filter) {
    Hold hold = new Hold(filter);
    holds.add(hold);
    return hold;
  }

  /** Whether a delivery to this topic is to be offered here. */
  public boolean covers(TopicName topic) {
    for (Hold hold : holds) {
      if (hold.filter.matches(topic)) {
        return true;
      }
    }
    return false;
  }

  /** Holds a delivery back; false when there is no room for it. */
  public boolean offer(Delivery delivery) {
    if (!queue.offer(delivery)) {
      return false;
    }
    Publication publication = delivery.publication();
    for (Hold hold : holds) {
      if (hold.filter.matches(publication.topic())) {
        hold.first.merge(Stream.of(publication), publication.id().sequence(), Math::min);
      }
    }
    return true;
  }

  /** An inbox has sent a publication meanwhile, which is not held back here. */
  public void sent(Publication publication) {
    for (Hold hold : holds) {
      if (hold.filter.matches(publication.topic())) {
        hold.sent.merge(Stream.of(publication), publication.id().sequence(), Math::max);
      }
    }
  }

  /**
   * The subscription has sent its retained publications: releases deliveries no other one holds
   * back, in order.
   *
   * @param deliver takes them
   * @return whether anything is held back from now on
   */
  public boolean end(Hold hold, Consumer<Delivery> deliver) {
    holds.remove(hold);
    for (int left = queue.size(); left > 0; left--) {
      Delivery next = queue.peek();
      queue.remove();
      if (covers(next.publication().topic())) {
        queue.offer(next);
      } else {
        deliver.accept(next);
      }
    }
    return !holds.isEmpty();
  }

  /** The connection has ended: drops waiting deliveries, and all later ones. */
  public void close() {
    queue.close();
  }
}
