package dev.limpet.broker.delivery;

import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.Delivery;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.topic.TopicName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Lists the connected sessions of this node that receive one topic, by lane. Immutable: computed
 * once for a topic and used until a subscription changes.
 */
public final class LocalTargets {

  /** One session; {@code ofItself} are its terms for its own publications. */
  record Target(
      Subscriber subscriber,
      @Nullable DeliveryTerms ofOthers,
      @Nullable DeliveryTerms ofItself,
      boolean ownDiffers) {

    /** Returns the live delivery of this publication to it; null for none. */
    @Nullable Delivery delivery(Publication publication, DeliveryMemo memo) {
      DeliveryTerms terms = ofOthers;
      if (ownDiffers && publication.publisher().equals(subscriber.clientId())) {
        terms = ofItself;
      }
      if (terms == null || (publication.qos().isAcknowledged() && getsInbox(subscriber, terms))) {
        return null;
      }
      return memo.delivery(terms, publication);
    }
  }

  /** The targets of one lane. */
  record LaneTargets(Lane lane, List<Target> targets) {}

  /** Remembers the last delivery made, which the next target most often shares. */
  static final class DeliveryMemo {
    private @Nullable DeliveryTerms terms;
    private @Nullable Delivery delivery;

    @SuppressWarnings("ReferenceEquality") // equal terms are one instance within a plan
    Delivery delivery(DeliveryTerms wanted, Publication publication) {
      Delivery last = delivery;
      if (last == null || wanted != terms) {
        terms = wanted;
        last = wanted.delivery(publication);
        delivery = last;
      }
      return last;
    }
  }

  private final List<LaneTargets> lanes;

  private LocalTargets(List<LaneTargets> lanes) {
    this.lanes = List.copyOf(lanes);
  }

  /** How many sessions there are. */
  public int size() {
    return lanes.stream().mapToInt(each -> each.targets().size()).sum();
  }

  /** The sessions whose plain (not shared) subscriptions match. */
  public static LocalTargets match(LocalSubscriptions subscriptions, TopicName topic) {
    TermsMerge<Subscriber> merge = new TermsMerge<>();
    subscriptions.match(
        topic,
        found -> {
          if (!found.subscription().filter().isShared()) {
            merge.add(found.subscriber(), found.subscription());
          }
        });
    return byLane(merge);
  }

  private static LocalTargets byLane(TermsMerge<Subscriber> merge) {
    Map<Lane, List<Target>> byLane = new HashMap<>();
    Map<DeliveryTerms, DeliveryTerms> shared = new HashMap<>();
    merge.forEach(
        (subscriber, merged) -> {
          DeliveryTerms others = share(shared, merged.ofOthers());
          DeliveryTerms own = share(shared, merged.ofItself());
          byLane
              .computeIfAbsent(subscriber.lane(), lane -> new ArrayList<>())
              .add(new Target(subscriber, others, own, !Objects.equals(others, own)));
        });
    List<LaneTargets> lanes = new ArrayList<>();
    byLane.forEach((lane, targets) -> lanes.add(new LaneTargets(lane, List.copyOf(targets))));
    return new LocalTargets(lanes);
  }

  /**
   * Equal terms become one instance, so that a fan-out makes one delivery for all who share them.
   */
  private static @Nullable DeliveryTerms share(
      Map<DeliveryTerms, DeliveryTerms> shared, @Nullable DeliveryTerms terms) {
    return terms == null ? null : shared.computeIfAbsent(terms, t -> t);
  }

  /** Whether these terms reach the session through its inbox, so that the live path skips it. */
  static boolean getsInbox(Subscriber subscriber, DeliveryTerms terms) {
    return subscriber.isDurable() && terms.maxQos().isAcknowledged();
  }

  List<LaneTargets> lanes() {
    return lanes;
  }

  public boolean isEmpty() {
    return lanes.isEmpty();
  }
}
