package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A newer connection takes the client id of an older one. */
class TakeoverTest {
  private TestBroker broker;

  @BeforeEach
  void start() {
    broker = TestBroker.start();
  }

  @AfterEach
  void stop() {
    broker.close();
  }

  @Test
  void the_older_one_is_told_and_the_newer_one_gets_what_is_queued_in_order() {
    ConnectSpec spec = ConnectSpec.v5("taken").durable().receiveMaximum(3);
    try (RawClient old = broker.connect(spec);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      old.subscribe("t", Qos.AT_LEAST_ONCE);
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        publisher.publish("t", "m" + i);
        sent.add("m" + i);
      }
      old.expectPublish("m0");
      old.expectPublish("m1");
      old.expectPublish("m2");
      try (RawClient next = RawClient.open(broker.port(), ProtocolVersion.V5)) {
        assertThat(next.connect(spec).sessionPresent()).isTrue();
        old.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
        assertThat(next.take(20)).isEqualTo(sent);
        next.ping();
      }
    }
    assertThat(broker.count("limpet.takeovers")).isEqualTo(1);
  }

  @Test
  void a_3_1_1_client_is_closed_plainly() {
    try (RawClient old = broker.connect(ConnectSpec.v3("v3"));
        RawClient next = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      Connack connack = next.connect(ConnectSpec.v3("v3"));
      assertThat(connack.sessionPresent()).isFalse();
      old.expectEnd();
      next.ping();
      broker.awaitConnections(1);
    }
  }

  @Test
  void a_transient_session_ends_with_its_takeover() {
    try (RawClient old = broker.connect(ConnectSpec.v5("tr"));
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      old.subscribe("tr", Qos.AT_LEAST_ONCE);
      try (RawClient next = RawClient.open(broker.port(), ProtocolVersion.V5)) {
        assertThat(next.connect(ConnectSpec.v5("tr").cleanStart(false)).sessionPresent()).isFalse();
        old.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
        assertThat(publisher.publish("tr", "x")).isEqualTo(ReasonCode.NO_MATCHING_SUBSCRIBERS);
        next.ping();
      }
    }
  }

  @Test
  void of_many_connects_at_once_exactly_one_stays() {
    int clients = 40;
    List<RawClient> all = new ArrayList<>();
    for (int i = 0; i < clients; i++) {
      all.add(RawClient.open(broker.port(), ProtocolVersion.V5));
    }
    ConnectSpec spec = ConnectSpec.v5("crowd").durable();
    all.forEach(
        client ->
            client.send(new dev.limpet.broker.connection.codec.Packet.Connect(spec.request())));
    all.forEach(client -> client.expect(Connack.class));
    // The last one's evictions are done once it answers; whoever is left answers a ping.
    broker.awaitConnections(1);
    int alive = 0;
    for (RawClient client : all) {
      alive += client.answersPing() ? 1 : 0;
      client.close();
    }
    assertThat(alive).isEqualTo(1);
    broker.awaitConnections(0);
  }

  @Test
  void a_client_that_reads_nothing_is_taken_over_all_the_same() {
    try (RawClient frozen = RawClient.openNarrow(broker.port(), ProtocolVersion.V5);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      frozen.connect(ConnectSpec.v5("frozen").durable());
      frozen.subscribe("f", Qos.AT_MOST_ONCE);
      String large = "x".repeat(100_000);
      for (int i = 0; i < 100; i++) {
        publisher.publish("f", large, Qos.AT_MOST_ONCE);
      }
      publisher.ping();
      try (RawClient next = RawClient.open(broker.port(), ProtocolVersion.V5)) {
        assertThat(next.connect(ConnectSpec.v5("frozen").durable()).sessionPresent()).isTrue();
        next.ping();
      }
    }
  }
}
