package dev.limpet.broker;

import static java.util.Collections.nCopies;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.codec.Packet.Suback;
import dev.limpet.broker.connection.codec.Packet.Subscribe;
import dev.limpet.broker.connection.codec.Packet.Unsuback;
import dev.limpet.broker.connection.codec.Packet.Unsubscribe;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.io.Lane;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.session.SessionLimits;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.spi.GatedStore;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Issue 7, item 12. The kind: a packet of many parts is handled part by part, each by its own
 * merit, and costs neither the store a write for each nor the other clients of its lane their turn.
 */
class ManyFiltersTest {
  private static final int FILTERS = 3_000;
  private static final int SUBSCRIPTIONS_MAX = 3_500;

  private final Asked asked = new Asked();
  private GatedStore store;
  private TestBroker broker;

  /** Counts questions, and how many there had been when the lane came to something else. */
  private static final class Asked implements Authorizer {
    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger whenOthersWereServed = new AtomicInteger(-1);

    @Override
    public CompletableFuture<Decision> maySubscribe(ClientIdentity client, SharedFilter filter) {
      if (questions.getAndIncrement() == 0) {
        Objects.requireNonNull(Lane.current())
            .schedule(() -> whenOthersWereServed.set(questions.get()), 0);
      }
      return Decision.ALLOW.now();
    }

    @Override
    public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
      return Decision.ALLOW.now();
    }

    @Override
    public CompletableFuture<Decision> mayReceive(ClientIdentity client, TopicName topic) {
      return Decision.ALLOW.now();
    }
  }

  @BeforeEach
  void start() {
    SessionLimits limits = SessionLimits.builder().subscriptionsMax(SUBSCRIPTIONS_MAX).build();
    ConnectionOptions connection = ConnectionOptions.builder().session(limits).build();
    broker =
        new TestBroker.Setup()
            .authorizer(asked)
            .options(BrokerOptions.builder().connection(connection).build())
            .sessions(
                inner -> {
                  store = new GatedStore(inner);
                  return store;
                })
            .start();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  private static String filter(int number) {
    return "many/" + number;
  }

  private static SubscribeRequest[] filters(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> SubscribeRequest.plain(filter(i), Qos.AT_LEAST_ONCE))
        .toArray(SubscribeRequest[]::new);
  }

  @ParameterizedTest
  @CsvSource({"V3_1_1, false", "V3_1_1, true", "V5, false", "V5, true"})
  void as_many_as_the_session_may_have_are_granted_in_order(
      ProtocolVersion version, boolean durable) {
    ConnectSpec spec = ConnectSpec.of(version, "many");
    try (RawClient client = broker.connect(durable ? spec.durable() : spec)) {
      assertThat(client.subscribe(0, filters(0, FILTERS)))
          .isEqualTo(nCopies(FILTERS, ReasonCode.GRANTED_QOS_1));
      assertThat(store.calls("subscribe")).isEqualTo(durable ? 1 : 0);
      for (int i = 0; i < FILTERS; i += 999) {
        client.publish(filter(i), "m" + i, Qos.AT_MOST_ONCE);
        client.take("m" + i);
      }
      int room = SUBSCRIPTIONS_MAX - FILTERS;
      List<ReasonCode> reasons = new ArrayList<>(nCopies(room, ReasonCode.GRANTED_QOS_1));
      ReasonCode refused =
          version.isV5() ? ReasonCode.QUOTA_EXCEEDED : ReasonCode.UNSPECIFIED_ERROR;
      reasons.addAll(nCopies(FILTERS - room, refused));
      assertThat(client.subscribe(0, filters(FILTERS, FILTERS))).isEqualTo(reasons);
      client.ping();
    }
  }

  @Test
  void as_many_are_ended_by_one_packet() {
    try (RawClient client = broker.connect(ConnectSpec.v5("many").durable())) {
      client.subscribe(0, filters(0, FILTERS));
      List<String> texts =
          IntStream.range(1, FILTERS + 1).mapToObj(ManyFiltersTest::filter).toList();
      client.send(new Unsubscribe(7, texts, List.of()));
      List<ReasonCode> reasons = new ArrayList<>(nCopies(FILTERS - 1, ReasonCode.SUCCESS));
      reasons.add(ReasonCode.NO_SUBSCRIPTION_EXISTED);
      assertThat(client.expect(Unsuback.class).reasons()).isEqualTo(reasons);
      assertThat(store.calls("subscribe")).isEqualTo(2);
      assertThat(stored()).isEqualTo(1);
    }
  }

  @Test
  void other_clients_of_the_lane_are_served_in_between() {
    try (RawClient client = broker.connect(ConnectSpec.v5("many"))) {
      client.subscribe(0, filters(0, FILTERS));
      assertThat(asked.questions).hasValue(FILTERS);
      assertThat(asked.whenOthersWereServed.get()).isBetween(1, FILTERS - 1);
    }
  }

  @Test
  void the_next_packet_waits_for_its_turn() {
    try (RawClient client = broker.connect(ConnectSpec.v5("many"))) {
      client.sendTogether(
          new Subscribe(1, 0, List.of(filters(0, FILTERS)), List.of()),
          new Unsubscribe(2, List.of(filter(FILTERS - 1)), List.of()),
          new Subscribe(3, 0, List.of(filters(0, 1)), List.of()));
      assertThat(client.expect(Suback.class).packetId()).isEqualTo(1);
      assertThat(client.expect(Unsuback.class).reasons()).containsExactly(ReasonCode.SUCCESS);
      assertThat(client.expect(Suback.class).packetId()).isEqualTo(3);
    }
  }

  @Test
  void nothing_is_done_for_a_client_that_cannot_take_the_answer() {
    ConnectSpec spec = ConnectSpec.v5("many").durable().maximumPacketBytes(1_000);
    try (RawClient client = broker.connect(spec)) {
      assertThat(client.subscribe(0, filters(0, 900))).hasSize(900);
      client.send(new Subscribe(9, 0, List.of(filters(900, FILTERS)), List.of()));
      client.expectDisconnect(ReasonCode.PACKET_TOO_LARGE);
    }
    broker.awaitConnections(0);
    assertThat(stored()).isEqualTo(900);
  }

  @Test
  void one_that_leaves_meanwhile_leaves_nothing_behind() {
    RawClient client = broker.connect(ConnectSpec.v5("many"));
    client.send(new Subscribe(1, 0, List.of(filters(0, FILTERS)), List.of()));
    client.close();
    broker.awaitConnections(0);
    await().until(() -> broker.gauge("limpet.subscriptions") == 0);
  }

  private int stored() {
    return Samples.await(store.describe(ClientId.of("many"))).orElseThrow().subscriptions().size();
  }
}
