package dev.limpet.broker.listener;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.BrokerOptions;
import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Disconnect;
import dev.limpet.broker.connection.listener.Cidr;
import dev.limpet.broker.connection.listener.ListenerOptions;
import dev.limpet.broker.connection.listener.ListenerPipeline;
import dev.limpet.broker.connection.listener.ProxyOptions;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Issue 7, item 1, where a frontend relays. The kind: the last act of a client against the next
 * CONNECT of its id, while the relay still holds what it said. The test plays the relay, which
 * answers the FIN of the home with what it has.
 */
class RelayedSuccessionTest {
  private static final String HEADER =
      "0d0a0d0a000d0a515549540a" + "2111" + "000c" + "c0000207c00002081388075b";

  private final FileWatch watch = new FileWatch();
  private TestBroker broker;
  private RawClient watcher;

  @BeforeEach
  void startPatient() {
    start(60_000);
  }

  private void start(int lastWordsMillisMax) {
    broker =
        new TestBroker.Setup()
            .options(
                BrokerOptions.builder()
                    .connection(
                        ConnectionOptions.builder().lastWordsMillisMax(lastWordsMillisMax).build())
                    .build())
            .start();
    watcher = broker.connect(ConnectSpec.v5("watcher"));
    watcher.subscribe("will/#", Qos.AT_LEAST_ONCE);
  }

  @AfterEach
  void stopAll() {
    stop();
    watch.close();
  }

  private void stop() {
    watcher.close();
    broker.close();
  }

  private int open(ProxyOptions proxy) throws IOException {
    ListenerPipeline pipeline =
        ListenerPipeline.open(
            ListenerOptions.tcp("relay").withProxy(proxy), watch, broker.registry);
    return Samples.await(broker.broker().listen("127.0.0.1", 0, pipeline).toCompletionStage());
  }

  private RawClient relayed(ConnectSpec spec) throws IOException {
    return behind(new ProxyOptions(Cidr.parse("127.0.0.1"), false, name -> null), spec);
  }

  private RawClient behind(ProxyOptions proxy, ConnectSpec spec) throws IOException {
    RawClient client = RawClient.open(open(proxy), spec.request().version());
    client.sendHex(HEADER);
    client.connect(spec);
    return client;
  }

  private static ConnectSpec spec(ProtocolVersion version, String will) {
    return ConnectSpec.of(version, "successor").durable().will("will/" + will, will, 0);
  }

  @ParameterizedTest
  @EnumSource(names = {"V3_1_1", "V5"})
  void a_goodbye_that_the_relay_holds_counts(ProtocolVersion version) throws IOException {
    try (RawClient old = relayed(spec(version, "first"));
        RawClient next = RawClient.open(broker.port(), version)) {
      next.send(new Connect(spec(version, "second").request()));
      expectEnd(old, version);
      old.send(RawClient.publish("will/last", "last", Qos.AT_MOST_ONCE, 0));
      old.send(Disconnect.of(ReasonCode.SUCCESS));
      old.endOutput();
      assertThat(next.expect(Connack.class).sessionPresent()).isTrue();
    }
    watcher.take("last");
    watcher.take("second");
    assertThat(unheard()).isZero();
  }

  private static void expectEnd(RawClient old, ProtocolVersion version) {
    if (version.isV5()) {
      assertThat(old.expect(Disconnect.class).reason()).isEqualTo(ReasonCode.SESSION_TAKEN_OVER);
    }
    old.expectEnd();
  }

  @Test
  void a_client_whose_relay_has_nothing_more_was_lost() throws IOException {
    try (RawClient old = relayed(spec(ProtocolVersion.V5, "first"));
        RawClient next = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      next.send(new Connect(spec(ProtocolVersion.V5, "second").request()));
      expectEnd(old, ProtocolVersion.V5);
      old.endOutput();
      next.expect(Connack.class);
    }
    watcher.take("first");
    watcher.take("second");
    assertThat(unheard()).isZero();
  }

  @Test
  void a_frozen_relay_does_not_stall_the_newer_connection() throws IOException {
    stop();
    start(ConnectionOptions.DEFAULTS.takeover().lastWordsMillisMax());
    try (RawClient old = relayed(spec(ProtocolVersion.V5, "first"));
        RawClient next = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      next.send(new Connect(spec(ProtocolVersion.V5, "second").request()));
      next.expect(Connack.class);
      expectEnd(old, ProtocolVersion.V5);
    }
    watcher.take("first");
    watcher.take("second");
    assertThat(unheard()).isOne();
  }

  /** It would pass the FIN on to its client, which may never answer. */
  @Test
  void nobody_waits_for_the_proxies_of_others() throws IOException {
    ProxyOptions proxy = new ProxyOptions(Cidr.parse("127.0.0.1"), false);
    try (RawClient old = behind(proxy, spec(ProtocolVersion.V5, "first"));
        RawClient next = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      next.send(new Connect(spec(ProtocolVersion.V5, "second").request()));
      next.expect(Connack.class);
      expectEnd(old, ProtocolVersion.V5);
    }
    watcher.take("first");
    watcher.take("second");
    assertThat(unheard()).isZero();
  }

  private double unheard() {
    return broker.registry.get("limpet.connections.unheard").counter().count();
  }
}
