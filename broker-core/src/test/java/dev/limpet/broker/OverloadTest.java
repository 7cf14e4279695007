package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.connection.codec.SubscribeRequest;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.session.SessionLimits;
import dev.limpet.broker.spec.Spec;
import dev.limpet.broker.spi.Samples;
import dev.limpet.broker.spi.durable.InboxLimits;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetector.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Slow readers, floods and storms: bounds hold, and nothing is left behind. */
class OverloadTest {
  private static final int QUEUE_MAX = 50;

  @Test
  void a_slow_reader_loses_qos_0_at_the_bound_and_nobody_else_notices() {
    try (TestBroker broker = small();
        RawClient slow = RawClient.openNarrow(broker.port(), ProtocolVersion.V5);
        RawClient fast = broker.connect(ConnectSpec.v5("fast"));
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      slow.connect(ConnectSpec.v5("slow"));
      slow.subscribe("flood", Qos.AT_MOST_ONCE);
      fast.subscribe("flood", Qos.AT_MOST_ONCE);
      String large = "x".repeat(60_000);
      int sent = 0;
      while (dropped(broker) == 0) {
        publisher.publish("flood", large, Qos.AT_MOST_ONCE);
        fast.expectPublish(large);
        sent++;
      }
      // The socket's buffers and ours held what was not dropped; the reader gets just that. Its
      // lane may still be dropping, but with a full queue in front of whatever it drops.
      for (int taken = 0; taken + dropped(broker) < sent; taken++) {
        slow.expectPublish(large);
      }
      publisher.publish("flood", "after", Qos.AT_MOST_ONCE);
      slow.expectPublish("after");
    }
  }

  @Test
  void a_full_inbox_drops_the_newest_and_counts() {
    BrokerOptions options =
        BrokerOptions.builder().inbox(new InboxLimits(QUEUE_MAX, 1 << 20)).retainedMax(10).build();
    try (TestBroker broker = new TestBroker.Setup().options(options).start();
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      try (RawClient away = broker.connect(ConnectSpec.v5("away").durable())) {
        away.subscribe("q", Qos.AT_LEAST_ONCE);
        away.disconnect();
      }
      for (int i = 0; i < QUEUE_MAX + 10; i++) {
        publisher.publish("q", "m" + i);
      }
      try (RawClient back = broker.connect(ConnectSpec.v5("away").durable())) {
        assertThat(back.take(QUEUE_MAX)).startsWith("m0").endsWith("m" + (QUEUE_MAX - 1));
        await().until(() -> broker.inboxDepth("away") == 0);
        publisher.publish("q", "next");
        back.take("next");
      }
    }
  }

  @Test
  @Spec(
      v3 = "MQTT-7.1.1-1",
      v5 = {"MQTT-4.2.0-1", "MQTT-4.6.0-5", "MQTT-4.6.0-6"})
  void a_flood_with_full_windows_arrives_in_order_and_whole() {
    int messages = 20_000;
    // A reader may be slower than the flood by all of it: nothing paces a v3 publisher.
    InboxLimits roomForAll = new InboxLimits(messages, InboxLimits.DEFAULT.inboxBytesMax());
    BrokerOptions options = BrokerOptions.builder().inbox(roomForAll).build();
    try (TestBroker broker = new TestBroker.Setup().options(options).start();
        RawClient durable = broker.connect(ConnectSpec.v5("durable").durable());
        RawClient publisher = broker.connect(ConnectSpec.v3("publisher"))) {
      durable.subscribe("f", Qos.AT_LEAST_ONCE);
      CompletableFuture<Void> flood =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < messages; i++) {
                  publisher.send(
                      RawClient.publish("f", "m" + i, Qos.AT_LEAST_ONCE, i % 65_535 + 1));
                }
              });
      CompletableFuture<Void> acks =
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < messages; i++) {
                  publisher.expectAck(PacketType.PUBACK, i % 65_535 + 1);
                }
              });
      for (int i = 0; i < messages; i++) {
        durable.take("m" + i);
      }
      Samples.await(flood);
      Samples.await(acks);
    }
  }

  @Test
  void qos_2_in_a_window_of_many_comes_exactly_once_in_order() {
    int messages = 2_000;
    try (TestBroker broker = TestBroker.start();
        RawClient subscriber = broker.connect(ConnectSpec.v5("sub").receiveMaximum(7));
        RawClient publisher = broker.connect(ConnectSpec.v5("pub").durable())) {
      subscriber.subscribe("f", Qos.EXACTLY_ONCE);
      int sent = 0;
      int done = 0;
      while (done < messages) {
        while (sent < messages && sent - done < 100) {
          publisher.send(RawClient.publish("f", "m" + sent, Qos.EXACTLY_ONCE, sent % 500 + 1));
          sent++;
        }
        Acknowledgement ack = publisher.expect(Acknowledgement.class);
        if (ack.type() == PacketType.PUBREC) {
          publisher.ack(PacketType.PUBREL, ack.packetId());
        } else {
          done++;
        }
      }
      List<Publish> got = subscriber.takeAll(messages);
      for (int i = 0; i < messages; i++) {
        assertThat(got.get(i).payload().toString()).isEqualTo("m" + i);
      }
      subscriber.ping();
    }
  }

  @Test
  void ten_thousand_connects_leave_nothing_behind() {
    ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    ResourceLeakDetector.setLevel(Level.PARANOID);
    ListAppender<ILoggingEvent> leaks = leakLog();
    try (TestBroker broker = TestBroker.start()) {
      for (int round = 0; round < 100; round++) {
        storm(broker, round);
      }
      broker.awaitConnections(0);
      assertThat(broker.broker().durableSessionCount()).isZero();
      Stream.of(
              "limpet.subscriptions",
              "limpet.routes.advertised",
              "limpet.wills.waiting",
              "limpet.sessions.expiring")
          .forEach(name -> assertThat(broker.gauge(name)).as(name).isZero());
      for (int i = 0; i < 100; i++) {
        assertThat(broker.isKnown("c" + i) || broker.isKnown("same" + i)).isFalse();
      }
    } finally {
      // Leaks are reported at the next allocations after their buffers were collected.
      for (int i = 0; i < 3; i++) {
        System.gc();
        for (int j = 0; j < 1_000; j++) {
          PooledByteBufAllocator.DEFAULT.directBuffer(64).release();
        }
      }
      ResourceLeakDetector.setLevel(before);
    }
    assertThat(leaks.list).extracting(ILoggingEvent::getFormattedMessage).isEmpty();
  }

  /** A hundred clients that leave in each possible way, some of them over one another. */
  private static void storm(TestBroker broker, int round) {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ProtocolVersion version = i % 2 == 0 ? ProtocolVersion.V5 : ProtocolVersion.V3_1_1;
      RawClient client = RawClient.open(broker.port(), version);
      clients.add(client);
      String id = i % 10 == 0 ? "same" + round : "c" + i;
      ConnectSpec spec = ConnectSpec.of(version, id).keepAlive(60);
      client.send(new Connect(spec.request()));
      if (i % 7 == 0) {
        client.close(); // in the middle of its CONNECT
      }
    }
    for (int i = 0; i < 100; i++) {
      RawClient client = clients.get(i);
      if (i % 7 == 0 || i % 10 == 0) {
        client.close();
        continue;
      }
      client.expect(Packet.Connack.class);
      client.send(RawClient.publish("t", "x", Qos.AT_LEAST_ONCE, 1));
      if (i % 3 == 0) {
        client.send(
            new Packet.Subscribe(
                2, 0, List.of(SubscribeRequest.plain("t/" + i % 5, Qos.AT_LEAST_ONCE)), List.of()));
        client.sendHex("E0 00");
      } else if (i % 3 == 1) {
        client.sendHex("F0 00 FF"); // an error
      }
      client.close();
    }
  }

  private static ListAppender<ILoggingEvent> leakLog() {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    ((Logger) LoggerFactory.getLogger(ResourceLeakDetector.class)).addAppender(log);
    return log;
  }

  private static double dropped(TestBroker broker) {
    return broker.count("limpet.deliveries.dropped", "qos", "0");
  }

  private static TestBroker small() {
    SessionLimits limits =
        SessionLimits.builder()
            .sendQueueMessagesMax(QUEUE_MAX)
            .sendQueueBytesMax(1 << 20)
            .receiveMaximum(100)
            .sendMaximum(100)
            .subscriptionsMax(10)
            .build();
    ConnectionOptions connection =
        ConnectionOptions.builder()
            .topicAliasMaximum(0)
            .writeBufferBytesMax(1 << 16)
            .session(limits)
            .build();
    BrokerOptions options = BrokerOptions.builder().connection(connection).retainedMax(10).build();
    return new TestBroker.Setup().options(options).start();
  }

  @Test
  void too_many_subscriptions_are_refused() {
    try (TestBroker broker = small();
        RawClient client = broker.connect(ConnectSpec.v5("c"))) {
      for (int i = 0; i < 10; i++) {
        assertThat(client.subscribe("t/" + i, Qos.AT_MOST_ONCE))
            .containsExactly(ReasonCode.SUCCESS);
      }
      assertThat(client.subscribe("t/10", Qos.AT_MOST_ONCE))
          .containsExactly(ReasonCode.QUOTA_EXCEEDED);
      assertThat(client.subscribe("t/3", Qos.AT_LEAST_ONCE))
          .containsExactly(ReasonCode.GRANTED_QOS_1);
    }
  }
}
