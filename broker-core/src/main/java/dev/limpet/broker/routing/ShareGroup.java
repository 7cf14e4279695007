package dev.limpet.broker.routing;

import dev.limpet.broker.delivery.DeliveryTerms;
import dev.limpet.broker.delivery.Subscriber;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.spi.RouteKind;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The members of one share group that match a topic; each publication goes to one of them (MQTT 5.0
 * section 4.8.2). Thread-safe: the members are immutable, the turn is atomic.
 */
final class ShareGroup {

  /** Who can take the group's next publication. */
  sealed interface Member {
    /** Whether it takes publications of this QoS. */
    boolean takes(Qos qos);
  }

  /** A session connected here. */
  record ConnectedMember(Subscriber subscriber, DeliveryTerms terms) implements Member {
    @Override
    public boolean takes(Qos qos) {
      boolean byInbox = subscriber.isDurable() && terms.maxQos().isAcknowledged();
      return !(byInbox && qos.isAcknowledged());
    }
  }

  /** A durable session at home here. */
  record InboxMember(ClientId clientId, DeliveryTerms terms) implements Member {
    @Override
    public boolean takes(Qos qos) {
      return qos.isAcknowledged() && terms.maxQos().isAcknowledged();
    }
  }

  /** Some member on a peer. */
  record PeerMember(NodeId node, RouteKind kind) implements Member {
    @Override
    public boolean takes(Qos qos) {
      return switch (kind) {
        case LIVE -> true;
        case LIVE_QOS0 -> !qos.isAcknowledged();
        case DURABLE -> qos.isAcknowledged();
      };
    }
  }

  private final SharedFilter filter;
  private final List<Member> members;
  private final AtomicInteger turn;

  /**
   * @param turn counts the publications of the group, over all its plans
   */
  ShareGroup(SharedFilter filter, Stream<Member> members, AtomicInteger turn) {
    this.filter = filter;
    this.members = members.toList();
    this.turn = turn;
  }

  SharedFilter filter() {
    return filter;
  }

  /** Whose turn it is among those that take this QoS; null when nobody does. */
  @Nullable Member pick(Qos qos) {
    return pickOf(Member.class, qos);
  }

  /** Whose turn it is among the connected sessions of this node. */
  @Nullable Member pickConnected(Qos qos) {
    return pickOf(ConnectedMember.class, qos);
  }

  /** Whose turn it is among the durable sessions at home here. */
  @Nullable Member pickInbox(Qos qos) {
    return pickOf(InboxMember.class, qos);
  }

  private @Nullable Member pickOf(Class<? extends Member> kind, Qos qos) {
    int from = turn.getAndIncrement();
    for (int i = 0; i < members.size(); i++) {
      Member member = members.get(Math.floorMod(from + i, members.size()));
      if (kind.isInstance(member) && member.takes(qos)) {
        return member;
      }
    }
    return null;
  }
}
