package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a will is published, and when it is not. */
class WillTest {
  private TestBroker broker;
  private RawClient watcher;
  private RawClient publisher;

  @BeforeEach
  void start() {
    broker = TestBroker.start();
    watcher = broker.connect(ConnectSpec.v5("watcher"));
    watcher.subscribe("will/#", Qos.AT_LEAST_ONCE);
    publisher = broker.connect(ConnectSpec.v5("publisher"));
  }

  @AfterEach
  void stop() {
    watcher.close();
    publisher.close();
    broker.close();
  }

  @Test
  void it_is_published_when_the_socket_closes_without_a_word() {
    broker.connect(ConnectSpec.v3("gone").will("will/gone", "lost", 0)).close();
    watcher.take("lost");
    assertThat(broker.isKnown("gone")).isFalse();
  }

  @Test
  void a_goodbye_cancels_it_and_a_goodbye_with_will_does_not() {
    broker.connect(ConnectSpec.v3("a").will("will/a", "never", 0)).disconnect();
    broker.connect(ConnectSpec.v5("b").will("will/b", "never", 0)).disconnect();
    broker
        .connect(ConnectSpec.v5("c").will("will/c", "asked for", 0))
        .disconnect(Disconnect.of(ReasonCode.DISCONNECT_WITH_WILL));
    watcher.take("asked for");
    noMore();
  }

  @Test
  void a_protocol_error_publishes_it() {
    try (RawClient bad = broker.connect(ConnectSpec.v5("bad").will("will/bad", "broken", 0))) {
      bad.sendHex("F7 00");
      bad.expectDisconnect(ReasonCode.MALFORMED_PACKET);
    }
    watcher.take("broken");
  }

  @Test
  void a_will_may_be_retained() {
    broker
        .connect(ConnectSpec.v5("r").will(ConnectSpec.will("will/r", "retained", 0, true)))
        .close();
    assertThat(watcher.take("retained").retain()).isFalse();
    try (RawClient later = broker.connect(ConnectSpec.v5("later"))) {
      later.subscribe("will/r", Qos.AT_MOST_ONCE);
      assertThat(later.take("retained").retain()).isTrue();
    }
  }

  @Test
  void a_takeover_publishes_the_old_connections_will_at_once() {
    ConnectSpec old = ConnectSpec.v5("taken").durable().will("will/taken", "old", 0);
    try (RawClient first = broker.connect(old);
        RawClient second = broker.connect(ConnectSpec.v5("taken").durable())) {
      first.expectDisconnect(ReasonCode.SESSION_TAKEN_OVER);
      watcher.take("old");
      second.disconnect();
    }
    noMore();
  }

  @Test
  @Spec(v5 = {"MQTT-3.1.3-9", "MQTT-3.1.2-8"})
  void a_client_that_is_back_in_time_cancels_a_delayed_will() {
    ConnectSpec spec = ConnectSpec.v5("back").durable().will("will/back", "too early", 4);
    broker.connect(spec).close();
    broker.awaitConnections(2);
    try (RawClient back = broker.connect(ConnectSpec.v5("back").durable())) {
      // Another will with the same delay, begun later, has come: the first would have, too.
      broker.connect(ConnectSpec.v5("mark").expiry(60).will("will/mark", "mark", 4)).close();
      watcher.take("mark");
      back.disconnect();
    }
    noMore();
  }

  @Test
  @Spec(v5 = {"MQTT-3.1.2-7", "MQTT-3.1.2-8"})
  void a_delayed_will_is_published_once_its_time_has_come() {
    broker.connect(ConnectSpec.v5("late").expiry(60).will("will/late", "late", 2)).close();
    await().until(() -> broker.gauge("limpet.wills.waiting") == 1);
    watcher.take("late");
    assertThat(broker.gauge("limpet.wills.waiting")).isZero();
    noMore();
  }

  @Test
  @Spec(v5 = "MQTT-3.1.2-8")
  void the_end_of_the_session_cuts_the_delay_short() {
    broker.connect(ConnectSpec.v5("short").expiry(0).will("will/short", "now", 3_600)).close();
    watcher.take("now");
  }

  @Test
  void a_clean_start_publishes_a_waiting_will_because_its_session_ends() {
    broker.connect(ConnectSpec.v5("clean").expiry(600).will("will/clean", "ended", 500)).close();
    broker.awaitConnections(2);
    try (RawClient again = broker.connect(ConnectSpec.v5("clean"))) {
      watcher.take("ended");
      again.disconnect();
    }
  }

  @Test
  void many_returns_leave_one_timer_for_a_delayed_will() {
    for (int i = 0; i < 5; i++) {
      broker.connect(ConnectSpec.v5("again").durable().will("will/again", "x", 3_000)).close();
      broker.awaitConnections(2);
    }
    await().untilAsserted(() -> assertThat(broker.gauge("limpet.wills.waiting")).isEqualTo(1));
  }

  @Test
  void the_broker_that_stops_publishes_wills_to_those_who_are_offline() {
    try (RawClient offline = broker.connect(ConnectSpec.v5("offline").durable())) {
      offline.subscribe("will/#", Qos.AT_LEAST_ONCE);
      offline.disconnect();
    }
    RawClient dying = broker.connect(ConnectSpec.v5("dying").will("will/dying", "stopped", 0));
    dev.limpet.broker.spi.Samples.await(broker.broker().stop());
    dying.expectDisconnect(ReasonCode.SERVER_SHUTTING_DOWN);
    List<dev.limpet.broker.spi.store.SessionImage> images =
        dev.limpet.broker.spi.Samples.await(
            broker.sessions().describe(List.of(dev.limpet.broker.mqtt.ClientId.of("offline"))));
    assertThat(images.get(0).inboxDepth()).isEqualTo(1);
  }

  /** What is published now comes next: there was nothing before it. */
  private void noMore() {
    publisher.publish("will/end", "end");
    watcher.take("end");
  }
}
