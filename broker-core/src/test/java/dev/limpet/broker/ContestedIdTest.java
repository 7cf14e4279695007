package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.events.HeardLines;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Issue 7, item 16, on the wire: two clients with one id that reconnect at once are slowed down.
 */
class ContestedIdTest {
  private static final ConnectSpec PUMP = ConnectSpec.v5("contested");

  private final HeardLines heard = new HeardLines();
  private final TestBroker broker =
      new TestBroker.Setup().options(options(ConnectionOptions.DEFAULTS, 300)).start();

  private static BrokerOptions options(ConnectionOptions connection, int pauseMillisMax) {
    return BrokerOptions.builder()
        .connection(connection.toBuilder().takeoverPauseMillisMax(pauseMillisMax).build())
        .build();
  }

  @AfterEach
  void close() {
    broker.close();
    heard.close();
  }

  private double gauge(String name) {
    return broker.registry.get(name).gauge().value();
  }

  private double pauses() {
    return broker.registry.get("limpet.connects.pauses").functionCounter().count();
  }

  /** Each newer client takes the id from the one before. */
  private RawClient contest(int takeovers) {
    RawClient last = RawClient.connect(broker.port(), PUMP);
    for (int i = 0; i < takeovers; i++) {
      RawClient next = RawClient.connect(broker.port(), PUMP);
      last.close();
      last = next;
    }
    return last;
  }

  @Test
  void a_few_takeovers_are_free_and_further_ones_wait() {
    try (RawClient last = contest(10)) {
      assertThat(pauses()).isZero();
    }
    contest(4).close();
    assertThat(pauses()).isGreaterThan(0);
    assertThat(gauge("limpet.connects.paused")).isZero();
    await().until(() -> heard.about("shares its client id").size() == 1);
    assertThat(heard.about("shares its client id").get(0))
        .matches(
            "client 'contested' from 127\\.0\\.0\\.1:\\d+ shares its client id with another client:"
                + " the other one is at 127\\.0\\.0\\.1:\\d+ on node test; its CONNECT waits 100 ms;"
                + " give each client an id of its own");
  }

  @Test
  void others_do_not_wait_and_whoever_has_the_id_keeps_it_meanwhile() {
    try (RawClient holder = contest(14);
        RawClient waiting = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      double before = pauses();
      waiting.send(new Connect(PUMP.request()));
      await().until(() -> pauses() > before);
      holder.ping();
      RawClient.connect(broker.port(), ConnectSpec.v5("other")).close();
    }
  }

  @Test
  void a_client_that_leaves_while_it_waits_leaves_nothing() {
    try (TestBroker patient =
        new TestBroker.Setup().options(options(ConnectionOptions.DEFAULTS, 10_000)).start()) {
      RawClient last = RawClient.connect(patient.port(), PUMP);
      for (int i = 0; i < 14; i++) {
        last = RawClient.connect(patient.port(), PUMP);
      }
      var paused = patient.registry.get("limpet.connects.paused").gauge();
      RawClient waiting = RawClient.open(patient.port(), ProtocolVersion.V5);
      waiting.send(new Connect(PUMP.request()));
      await().until(() -> paused.value() == 1);
      waiting.close();
      await().until(() -> paused.value() == 0);
      last.ping();
    }
  }
}
