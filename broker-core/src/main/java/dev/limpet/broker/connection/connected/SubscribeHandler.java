package dev.limpet.broker.connection.connected;

import dev.limpet.broker.connection.MqttConnection;
import dev.limpet.broker.connection.Permissions;
import dev.limpet.broker.connection.attachment.Attachment;
import dev.limpet.broker.connection.attachment.ConnectionPorts;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.Packet.Unsuback;
import dev.limpet.broker.connection.codec.Packet.Unsubscribe;
import dev.limpet.broker.connection.codec.PacketLimits;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.connection.codec.wire.PacketException;
import dev.limpet.broker.delivery.Portions;
import dev.limpet.broker.events.EventKind;
import dev.limpet.broker.metrics.Limit;
import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.mqtt.RetainHandling;
import dev.limpet.broker.mqtt.Subscription;
import dev.limpet.broker.routing.replay.RetainedReplay.Join;
import dev.limpet.broker.routing.replay.Watermarks;
import dev.limpet.broker.session.Session;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.Stages;
import dev.limpet.broker.spi.store.SubscriptionChange;
import dev.limpet.broker.topic.InvalidTopicException;
import dev.limpet.broker.topic.SharedFilter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Handles SUBSCRIBE and UNSUBSCRIBE: updates the store first (durable sessions), then trees and
 * routes, and sends SUBACK only when every live peer routes to this node and to the home (promise
 * G3). The client's later packets wait for that ({@link #holds}).
 *
 * <p>Confined to its lane.
 */
final class SubscribeHandler {
  /** A client with this many unanswered packets is not read from. */
  private static final int UNDER_WAY_MAX = 16;

  private static final String FILTERS_BOUND =
      "beyond " + Limit.FILTERS_PER_PACKET_MAX.key() + ", which is ";

  /** Characters after which no more filters are named. */
  private static final int REASON_LENGTH_MAX = 200;

  private final MqttConnection connection;
  private final ConnectionPorts ports;
  private final Attachment attachment;
  private final ConnectRequest connect;
  private final ProtocolVersion version;
  private final Session session;
  private final Permissions permissions;
  private final AccessGate gate;
  private final RetainedLookups lookups;
  private final Portions portions;

  private final OrderedAnswers unanswered = new OrderedAnswers();

  /** Whether the pending packets are UNSUBSCRIBEs. */
  private boolean unsubscribing;

  SubscribeHandler(
      MqttConnection connection,
      ConnectionPorts ports,
      Attachment attachment,
      ConnectRequest connect,
      AccessGate gate) {
    this.connection = connection;
    this.ports = ports;
    this.attachment = attachment;
    this.connect = connect;
    this.version = connect.version();
    this.session = attachment.session();
    this.permissions = new Permissions(connection.caller().authorizer(), attachment.identity());
    this.gate = gate;
    this.lookups = new RetainedLookups(connection, ports.replay(), attachment, permissions);
    this.portions = new Portions(connection.lane(), connection::goOn);
  }

  /** The result of one SUBSCRIBE. */
  private static final class Granted {
    private final List<ReasonCode> reasons = new ArrayList<>();
    private final List<Subscription> added = new ArrayList<>();
    private final List<Join> joins = new ArrayList<>();
    private final List<CompletionStage<Void>> routed = new ArrayList<>();
  }

  /**
   * Whether the client has reached its bound of requests in progress: its next packet waits in the
   * socket.
   */
  boolean isFull() {
    return unanswered.size() >= UNDER_WAY_MAX || lookups.isBehind() || portions.isUnfinished();
  }

  /**
   * Whether a packet waits until those before it have their SUBACK or UNSUBACK, so that it is
   * handled as if they had been finished. Acknowledgements do not wait, so that nothing can wait
   * for itself, nor do packets of the kind in progress: they and their answers stay in order all
   * the same. PINGREQ waits: clients take its answer as a sign that all packets before it are done.
   */
  boolean holds(int firstByte) {
    PacketType type = unanswered.size() == 0 ? null : PacketType.of(firstByte);
    if (type == null) {
      return false;
    }
    return switch (type) {
      case PUBACK, PUBREC, PUBREL, PUBCOMP -> false;
      case SUBSCRIBE -> unsubscribing;
      case UNSUBSCRIBE -> !unsubscribing;
      default -> true;
    };
  }

  /** One filter of a SUBSCRIBE, and whether the client may have it. */
  private record Asked(
      SubscribeRequest request, SharedFilter filter, CompletableFuture<Decision> answer) {}

  void subscribe(Subscribe packet) {
    int filters = packet.requests().size();
    if (!connection.output().takesReasons(filters)) {
      connection.close(ReasonCode.PACKET_TOO_LARGE, "no room for SUBACK");
      return;
    }
    int filtersMax = ports.options().packets().filtersPerPacketMax();
    if (filters > filtersMax) {
      limitReached(Limit.FILTERS_PER_PACKET_MAX);
    }
    List<@Nullable Asked> asked = new ArrayList<>();
    List<CompletableFuture<Decision>> answers = new ArrayList<>();
    portions.each(
        Math.min(filters, filtersMax),
        filter -> asked.add(ask(packet.requests().get(filter), answers)),
        () -> gate.whenDecided(answers, () -> grant(packet, asked)));
  }

  private @Nullable Asked ask(SubscribeRequest request, List<CompletableFuture<Decision>> answers) {
    SharedFilter filter = filter(request);
    if (filter == null) {
      return null;
    }
    CompletableFuture<Decision> answer = permissions.subscribe(filter);
    answers.add(answer);
    return new Asked(request, filter, answer);
  }

  private void grant(Subscribe packet, List<@Nullable Asked> asked) {
    Granted granted = new Granted();
    portions.each(
        asked.size(),
        filter -> {
          Asked each = asked.get(filter);
          granted.reasons.add(
              each == null
                  ? refused(ReasonCode.TOPIC_FILTER_INVALID) // [MQTT-4.7.1-1], [MQTT-4.8.2-1]
                  : grant(each, packet.subscriptionId(), granted));
        },
        () -> answer(packet, granted));
  }

  private void answer(Subscribe packet, Granted granted) {
    unsubscribing = false;
    OrderedAnswers.Place place = unanswered.begin();
    int beyond = packet.requests().size() - granted.reasons.size();
    granted.reasons.addAll(Collections.nCopies(beyond, refused(ReasonCode.QUOTA_EXCEEDED)));
    if (session.isDurable() && !granted.added.isEmpty()) {
      SubscriptionChange change = new SubscriptionChange(granted.added, List.of());
      granted.routed.add(lookups.store(granted.joins, () -> store(change)));
    }
    attachment.publishView();
    whenDone(
        Stages.all(granted.routed),
        known ->
            whenDone(
                lookups.line(granted.joins),
                line -> unanswered.ready(place, () -> suback(packet, granted, line))));
  }

  private void suback(Subscribe packet, Granted granted, Watermarks line) {
    connection.answer(
        new Suback(packet.packetId(), granted.reasons, words(packet, granted.reasons), List.of()));
    if (connection.isClosed()) {
      lookups.abandon(granted.joins);
    } else {
      granted.joins.forEach(join -> lookups.add(join, line));
    }
  }

  /** The filter of a request; null when it is none, or beyond the bounds. */
  private @Nullable SharedFilter filter(SubscribeRequest request) {
    Limit broken = ports.options().packets().brokenBy(request.filterText());
    if (broken != null) {
      limitReached(broken);
      return null;
    }
    SharedFilter filter;
    try {
      filter = SharedFilter.parse(request.filterText());
    } catch (InvalidTopicException e) {
      return null;
    }
    if (filter.isShared() && request.noLocal()) {
      throw new PacketException( // [MQTT-3.8.3-4]
          ReasonCode.PROTOCOL_ERROR, "No Local on a shared subscription");
    }
    return filter;
  }

  private void limitReached(Limit limit) {
    ports.metrics().refused(limit);
    connection.caller().tell(EventKind.LIMIT_REACHED, "SUBSCRIBE beyond " + limit.key());
  }

  private ReasonCode grant(Asked asked, int subscriptionId, Granted granted) {
    SharedFilter filter = asked.filter();
    SubscribeRequest request = asked.request();
    if (!Permissions.isGranted(asked.answer())) {
      connection.caller().tell(EventKind.TOPIC_REFUSED, "SUBSCRIBE to '" + filter + "'");
      return refused(ReasonCode.NOT_AUTHORIZED);
    }
    if (ports.admission().isRefusing()) {
      limitReached(Limit.MEMORY_CEILING);
      return refused(ReasonCode.QUOTA_EXCEEDED);
    }
    if (!session.hasSubscription(filter)
        && session.subscriptionCount() >= ports.options().session().subscriptionsMax()) {
      limitReached(Limit.SUBSCRIPTIONS_MAX);
      return refused(ReasonCode.QUOTA_EXCEEDED);
    }
    connection.output().granted(filter, asked.answer(), permissions);
    boolean noEcho = connect.bridge() && !filter.isShared();
    Subscription subscription =
        new Subscription(
            filter,
            request.maxQos(),
            request.noLocal() || noEcho,
            request.retainAsPublished() || connect.bridge(),
            request.retainHandling(),
            subscriptionId);
    add(subscription, granted);
    return ReasonCode.granted(request.maxQos());
  }

  private void add(Subscription subscription, Granted granted) {
    Subscription before = session.subscribe(subscription);
    granted.added.add(subscription);
    RetainHandling handling = subscription.retainHandling();
    boolean wanted =
        handling == RetainHandling.SEND
            || (handling == RetainHandling.SEND_IF_NEW && before == null); // [MQTT-3.3.1-10]
    if (wanted && !subscription.filter().isShared()) {
      granted.joins.add(lookups.begin(subscription));
    }
    if (!subscription.equals(before)) {
      granted.routed.add(ports.localSubscriptions().add(attachment, subscription));
      if (before != null) {
        ports.localSubscriptions().remove(attachment, before); // [MQTT-3.8.4-3]
      }
    }
  }

  /**
   * Returns the SUBACK code of a refused filter: 3.1.1 has one code [MQTT-3.9.3-2]; 3.1 has none
   * and asks for a positive answer, of which the least is QoS 0.
   */
  private ReasonCode refused(ReasonCode reason) {
    return switch (version) {
      case V3_1 -> ReasonCode.SUCCESS;
      case V3_1_1 -> ReasonCode.UNSPECIFIED_ERROR;
      case V5 -> reason;
    };
  }

  void unsubscribe(Unsubscribe packet) {
    int filters = packet.filterTexts().size();
    if (version.isV5() && !connection.output().takesReasons(filters)) {
      connection.close(ReasonCode.PACKET_TOO_LARGE, "no room for UNSUBACK");
      return;
    }
    List<ReasonCode> reasons = new ArrayList<>();
    List<SharedFilter> removed = new ArrayList<>();
    portions.each(
        filters,
        filter -> reasons.add(remove(packet.filterTexts().get(filter), removed)),
        () -> answer(packet, reasons, removed));
  }

  private void answer(Unsubscribe packet, List<ReasonCode> reasons, List<SharedFilter> removed) {
    unsubscribing = true;
    OrderedAnswers.Place place = unanswered.begin();
    CompletionStage<Void> stored = CompletableFuture.completedFuture(null);
    if (session.isDurable() && !removed.isEmpty()) {
      SubscriptionChange change = new SubscriptionChange(List.of(), removed);
      stored = lookups.store(List.of(), () -> store(change));
    }
    attachment.publishView();
    whenDone(
        stored.toCompletableFuture(),
        nothing -> unanswered.ready(place, () -> unsuback(packet, reasons)));
  }

  private void unsuback(Unsubscribe packet, List<ReasonCode> reasons) {
    String words = words(reasons, filter -> null);
    connection.answer(new Unsuback(packet.packetId(), reasons, words, List.of()));
  }

  private ReasonCode remove(String text, List<SharedFilter> removed) {
    try {
      SharedFilter filter = SharedFilter.parse(text);
      Subscription gone = session.unsubscribe(filter);
      if (gone == null) {
        return ReasonCode.NO_SUBSCRIPTION_EXISTED;
      }
      ports.localSubscriptions().remove(attachment, gone);
      connection.output().ended(filter);
      removed.add(filter);
      return ReasonCode.SUCCESS;
    } catch (InvalidTopicException e) {
      return ReasonCode.TOPIC_FILTER_INVALID;
    }
  }

  private CompletionStage<Void> store(SubscriptionChange change) {
    return ports
        .sessions()
        .subscribe(attachment.claim(), change)
        .thenCompose(stored -> ports.homes().index(attachment.clientId(), attachment.lane()));
  }

  private @Nullable String words(Subscribe packet, List<ReasonCode> reasons) {
    PacketLimits limits = ports.options().packets();
    return words(
        reasons,
        filter ->
            filter < limits.filtersPerPacketMax()
                ? limits.words(packet.requests().get(filter).filterText())
                : FILTERS_BOUND + limits.filtersPerPacketMax());
  }

  /**
   * Which filters failed, counted from one, and why; null when none did.
   *
   * @param bounds names the bound that a filter breaks, if it breaks one
   */
  private @Nullable String words(List<ReasonCode> reasons, IntFunction<@Nullable String> bounds) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < reasons.size() && words.length() < REASON_LENGTH_MAX; i++) {
      if (reasons.get(i).isError()) {
        words.append(words.isEmpty() ? "" : ", ");
        words.append("filter ").append(i + 1).append(": ").append(reasons.get(i).words());
        String bound = bounds.apply(i);
        words.append(bound == null ? "" : " (" + bound + ")");
      }
    }
    return words.isEmpty() ? null : connection.output().reasonString(words.toString());
  }

  /** The connection has ended. */
  void close() {
    lookups.close();
  }

  private <T> void whenDone(CompletableFuture<T> done, Consumer<T> answer) {
    if (done.isDone() && !done.isCompletedExceptionally()) {
      answer.accept(done.join());
      return;
    }
    var unused =
        done.whenCompleteAsync(
            (result, failure) -> {
              if (connection.isClosed()) {
                return;
              }
              if (failure == null) {
                connection.goOn(() -> answer.accept(result));
              } else {
                connection.caller().because(failure.toString());
                connection.close(ReasonCode.SERVER_BUSY, "the subscriptions could not be stored");
              }
            },
            attachment.lane());
  }
}
