package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authorizer;
import dev.limpet.broker.spi.ClientIdentity;
import dev.limpet.broker.spi.Decision;
import dev.limpet.broker.topic.SharedFilter;
import dev.limpet.broker.topic.TopicName;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a node tells of itself under $SYS/broker. */
class SysTopicsTest {

  /** All that mosquitto 2.0 publishes, without the root. */
  private static final List<String> OF_MOSQUITTO =
      List.of(
          "bytes/received",
          "bytes/sent",
          "clients/active",
          "clients/connected",
          "clients/disconnected",
          "clients/expired",
          "clients/inactive",
          "clients/maximum",
          "clients/total",
          "heap/current",
          "heap/maximum",
          "load/bytes/received/15min",
          "load/bytes/sent/1min",
          "load/connections/5min",
          "load/messages/received/15min",
          "load/messages/sent/15min",
          "load/publish/dropped/15min",
          "load/publish/received/15min",
          "load/publish/sent/15min",
          "load/sockets/15min",
          "messages/received",
          "messages/sent",
          "messages/stored",
          "publish/bytes/received",
          "publish/bytes/sent",
          "publish/messages/dropped",
          "publish/messages/received",
          "publish/messages/sent",
          "retained messages/count",
          "shared_subscriptions/count",
          "store/messages/bytes",
          "store/messages/count",
          "subscriptions/count",
          "uptime",
          "version");

  @Test
  void a_new_subscriber_gets_everything_mosquitto_tells_retained() {
    try (TestBroker broker = broker(1);
        RawClient reader = broker.connect(ConnectSpec.v5("reader"))) {
      reader.subscribe("$SYS/#", Qos.AT_MOST_ONCE);
      Map<String, String> values = read(reader, OF_MOSQUITTO.size() + 18);
      OF_MOSQUITTO.forEach(each -> assertThat(values).containsKey("$SYS/broker/" + each));
      assertThat(values.get("$SYS/broker/version")).startsWith("limpet version ");
      assertThat(values.get("$SYS/broker/uptime")).matches("\\d+ seconds");
      assertThat(values.get("$SYS/broker/load/sockets/1min")).matches("\\d+\\.\\d\\d");
    }
  }

  @Test
  void the_numbers_are_those_of_what_happened() {
    try (TestBroker broker = broker(1);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"));
        RawClient reader = broker.connect(ConnectSpec.v5("reader"))) {
      broker.connect(ConnectSpec.v5("away").durable()).close();
      reader.subscribe("t", Qos.AT_MOST_ONCE);
      publisher.publish("t", "12345");
      reader.expectPublish("12345");
      publisher.publish("none", "1234567");
      reader.subscribe("$SYS/broker/#", Qos.AT_MOST_ONCE);
      expect(
          reader,
          Map.of(
                  "publish/messages/received", "2",
                  "publish/bytes/received", "12",
                  "clients/connected", "2",
                  "clients/disconnected", "1",
                  "clients/total", "3",
                  "clients/maximum", "3",
                  "subscriptions/count", "2",
                  "shared_subscriptions/count", "0")
              .entrySet()
              .stream()
              .collect(Collectors.toMap(e -> "$SYS/broker/" + e.getKey(), Map.Entry::getValue)));
    }
  }

  /** Reads on until all topics have these values, however often others change. */
  private static void expect(RawClient reader, Map<String, String> expected) {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; !values.entrySet().containsAll(expected.entrySet()); i++) {
      assertThat(i).as(expected + " never became of " + values).isLessThan(1_000);
      Publish publish = reader.expect(Publish.class);
      values.put(String.valueOf(publish.topic()), publish.payload().toString());
    }
  }

  @Test
  void only_what_has_changed_is_published_again() {
    try (TestBroker broker = broker(1);
        RawClient early = broker.connect(ConnectSpec.v5("early"));
        RawClient reader = broker.connect(ConnectSpec.v5("reader"))) {
      early.subscribe("$SYS/broker/version", Qos.AT_MOST_ONCE);
      early.expect(Publish.class); // the first round is over, or under way
      reader.subscribe("$SYS/broker/version", Qos.AT_MOST_ONCE);
      assertThat(reader.expect(Publish.class).retain()).isTrue();
      reader.subscribe("$SYS/broker/uptime", Qos.AT_MOST_ONCE);
      List<Publish> got = reader.takeAll(3);
      assertThat(got).extracting(Publish::topic).containsOnly(TopicName.of("$SYS/broker/uptime"));
      // A round may come while the retained value is looked for.
      assertThat(got).filteredOn(Publish::retain).hasSize(1);
    }
  }

  @Test
  void wildcards_at_the_first_level_do_not_see_it() {
    try (TestBroker broker = broker(1);
        RawClient clock = broker.connect(ConnectSpec.v5("clock"));
        RawClient reader = broker.connect(ConnectSpec.v5("reader"))) {
      reader.subscribe("#", Qos.AT_MOST_ONCE);
      reader.subscribe("+/broker/#", Qos.AT_MOST_ONCE);
      clock.subscribe("$SYS/broker/uptime", Qos.AT_MOST_ONCE);
      clock.expect(Publish.class);
      clock.expect(Publish.class);
      reader.ping();
    }
  }

  @Test
  void nobody_publishes_in_the_servers_name() {
    try (TestBroker broker = broker(0);
        RawClient v5 = broker.connect(ConnectSpec.v5("v5"));
        RawClient v3 = broker.connect(ConnectSpec.v3("v3"));
        RawClient reader = broker.connect(ConnectSpec.v5("reader"))) {
      reader.subscribe("$SYS/#", Qos.AT_MOST_ONCE);
      reader.subscribe("$SYSTEM/#", Qos.AT_MOST_ONCE);
      assertThat(v5.publish("$SYS/broker/uptime", "x")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      assertThat(v5.publish("$SYS", "x")).isEqualTo(ReasonCode.NOT_AUTHORIZED);
      v5.publish("$SYS/x", "x", Qos.AT_MOST_ONCE);
      assertThat(v3.publish("$SYS/x", "x")).isEqualTo(ReasonCode.SUCCESS);
      v3.publish("$SYS/x", "x", Qos.EXACTLY_ONCE);
      v5.send(RawClient.publish("$SYS/x", "x", Qos.AT_LEAST_ONCE, 77, true));
      v5.expectAck(PacketType.PUBACK, 77);
      reader.ping();
      v5.publish("$SYSTEM/x", "seen");
      reader.expectPublish("seen");
      reader.subscribe("$SYS/#", Qos.AT_MOST_ONCE); // nothing was retained
      reader.ping();
    }
  }

  @Test
  void a_will_in_the_servers_name_is_refused() {
    try (TestBroker broker = broker(0);
        RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      client.send(new Connect(ConnectSpec.v5("c").will("$SYS/x", "gone", 0).request()));
      assertThat(client.expect(Connack.class).reason()).isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }
  }

  @Test
  void an_interval_of_0_publishes_nothing() {
    try (TestBroker broker = broker(0);
        RawClient reader = broker.connect(ConnectSpec.v5("reader"))) {
      reader.subscribe("$SYS/#", Qos.AT_MOST_ONCE);
      reader.ping();
    }
  }

  @Test
  void a_share_group_reads_each_value_once() {
    try (TestBroker broker = broker(1);
        RawClient one = broker.connect(ConnectSpec.v5("one"))) {
      one.subscribe("$share/g/$SYS/broker/uptime", Qos.AT_MOST_ONCE);
      String first = one.expect(Publish.class).payload().toString();
      assertThat(one.expect(Publish.class).payload().toString()).isNotEqualTo(first);
    }
  }

  @Test
  void reading_it_is_subject_to_the_authorizer() {
    Authorizer noSystem =
        new Authorizer() {
          @Override
          public CompletableFuture<Decision> mayPublish(ClientIdentity client, TopicName topic) {
            return Decision.ALLOW.now();
          }

          @Override
          public CompletableFuture<Decision> maySubscribe(
              ClientIdentity client, SharedFilter filter) {
            return (filter.filter().isSystem() ? Decision.DENY : Decision.ALLOW).now();
          }
        };
    try (TestBroker broker =
            new TestBroker.Setup()
                .options(BrokerOptions.builder().sysIntervalSeconds(1).build())
                .authorizer(noSystem)
                .start();
        RawClient reader = broker.connect(ConnectSpec.v5("reader"))) {
      assertThat(reader.subscribe("$SYS/#", Qos.AT_MOST_ONCE))
          .containsExactly(ReasonCode.NOT_AUTHORIZED);
      reader.ping();
    }
  }

  private static Map<String, String> read(RawClient reader, int topics) {
    Map<String, String> values = new HashMap<>();
    while (values.size() < topics) {
      Publish publish = reader.expect(Publish.class);
      values.put(String.valueOf(publish.topic()), publish.payload().toString());
    }
    return values;
  }

  private static TestBroker broker(int sysIntervalSeconds) {
    return new TestBroker.Setup()
        .options(BrokerOptions.builder().sysIntervalSeconds(sysIntervalSeconds).build())
        .start();
  }
}
