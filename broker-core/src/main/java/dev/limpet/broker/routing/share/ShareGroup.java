package dev.limpet.broker.routing.share;

import dev.limpet.broker.delivery.DeliveryTerms;
import dev.limpet.broker.delivery.Subscriber;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.spi.cluster.RouteKind;
import dev.limpet.broker.topic.SharedFilter;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds the members of one share group that match a topic and picks one for each publication (MQTT
 * 5.0 section 4.8.2). Thread-safe: the members are immutable, the turn is thread-safe.
 */
public final class ShareGroup {

  /** Who can take the group's next publication. */
  public sealed interface Member {
    /** The client or peer: the same in all plans, however it is reached. */
    Object who();

    /** Names it wherever hashes are compared. */
    String name();

    /** Hash of node and path, which all nodes compute alike. */
    int place();

    private static int place(NodeId node, boolean durable) {
      return 2 * node.name().hashCode() + (durable ? 1 : 0);
    }
  }

  /** A session connected here. */
  public record ConnectedMember(NodeId node, Subscriber subscriber, DeliveryTerms terms)
      implements Member {
    @Override
    public ClientId who() {
      return subscriber.clientId();
    }

    @Override
    public String name() {
      return who().value();
    }

    @Override
    public int place() {
      return Member.place(node, false);
    }

    /** QoS 1 and 2 reach it through its inbox, where it is a member again. */
    private boolean hasInbox() {
      return subscriber.isDurable() && terms.maxQos().isAcknowledged();
    }
  }

  /** A durable session at home here. */
  public record InboxMember(NodeId node, ClientId clientId, boolean connected, DeliveryTerms terms)
      implements Member {
    @Override
    public ClientId who() {
      return clientId;
    }

    @Override
    public String name() {
      return clientId.value();
    }

    @Override
    public int place() {
      return Member.place(node, true);
    }
  }

  /** Some member on a peer; there as often as the peer has members, roughly. */
  public record PeerMember(NodeId node, RouteKind kind) implements Member {
    @Override
    public NodeId who() {
      return node;
    }

    @Override
    public String name() {
      return node.name();
    }

    @Override
    public int place() {
      return Member.place(node, isDurable());
    }

    public boolean isDurable() {
      return kind == RouteKind.DURABLE || kind == RouteKind.DURABLE_CONNECTED;
    }
  }

  /** Members that come into question alike, and those of them that are of one kind. Immutable. */
  private record Candidates(
      List<Member> all,
      List<Member> here,
      List<Member> connected,
      List<Member> inboxes,
      List<Member> peers) {

    static Candidates of(List<Member> members, Predicate<Member> wanted) {
      List<Member> all = members.stream().filter(wanted).toList();
      return new Candidates(
          all,
          all.stream().filter(each -> !(each instanceof PeerMember)).toList(),
          all.stream().filter(ConnectedMember.class::isInstance).toList(),
          all.stream().filter(InboxMember.class::isInstance).toList(),
          all.stream().filter(PeerMember.class::isInstance).toList());
    }
  }

  /** Which of the candidates of a rank a caller can use. */
  private interface Choice {
    List<Member> of(Candidates candidates);
  }

  private final SharedFilter filter;
  private final ShareTurn turn;

  /** For QoS 0. */
  private final Candidates live;

  /** Connected members, for QoS 1 and 2. */
  private final Candidates connected;

  /** Other members, for QoS 1 and 2 when none is connected. */
  private final Candidates away;

  public ShareGroup(SharedFilter filter, List<Member> members, ShareTurn turn) {
    this.filter = filter;
    this.turn = turn;
    this.live = Candidates.of(members, ShareGroup::takesQos0);
    this.connected = Candidates.of(members, ShareGroup::isConnected);
    this.away = Candidates.of(members, ShareGroup::isAway);
  }

  private static boolean takesQos0(Member member) {
    return member instanceof PeerMember peer
        ? !peer.isDurable()
        : member instanceof ConnectedMember;
  }

  private static boolean isConnected(Member member) {
    if (member instanceof ConnectedMember session) {
      return !session.hasInbox();
    }
    if (member instanceof InboxMember inbox) {
      return inbox.connected() && inbox.terms().maxQos().isAcknowledged();
    }
    RouteKind kind = ((PeerMember) member).kind();
    return kind == RouteKind.LIVE || kind == RouteKind.DURABLE_CONNECTED;
  }

  private static boolean isAway(Member member) {
    if (member instanceof InboxMember inbox) {
      return !inbox.connected() && inbox.terms().maxQos().isAcknowledged();
    }
    return member instanceof PeerMember peer && peer.kind() == RouteKind.DURABLE;
  }

  public SharedFilter filter() {
    return filter;
  }

  /** Its durable sessions at home here. */
  public List<InboxMember> inboxMembers() {
    return Stream.of(connected, away)
        .flatMap(rank -> rank.inboxes().stream())
        .map(InboxMember.class::cast)
        .toList();
  }

  /** Any member in the cluster; null when no member takes this QoS. */
  public @Nullable Member pick(Publication publication) {
    boolean localFirst = turn.strategy() == ShareStrategy.LOCAL_FIRST;
    return pick(
        publication, from -> localFirst && !from.here().isEmpty() ? from.here() : from.all());
  }

  /** A session connected to this node. */
  public @Nullable Member pickConnected(Publication publication) {
    return pick(publication, Candidates::connected);
  }

  /** A durable session at home here. */
  public @Nullable Member pickInbox(Publication publication) {
    return pick(publication, Candidates::inboxes);
  }

  /** Some member on a peer. */
  public @Nullable Member pickElsewhere(Publication publication) {
    return pick(publication, Candidates::peers);
  }

  /** Any member but this one. */
  public @Nullable Member pickOther(Publication publication, ClientId not) {
    return pick(
        publication, from -> from.all().stream().filter(each -> !each.who().equals(not)).toList());
  }

  private @Nullable Member pick(Publication publication, Choice choice) {
    if (!publication.qos().isAcknowledged()) {
      return chooseOf(choice.of(live), publication);
    }
    Member member = chooseOf(choice.of(connected), publication);
    return member == null ? chooseOf(choice.of(away), publication) : member;
  }

  private @Nullable Member chooseOf(List<Member> members, Publication publication) {
    return members.isEmpty() ? null : turn.choose(members, publication);
  }
}
