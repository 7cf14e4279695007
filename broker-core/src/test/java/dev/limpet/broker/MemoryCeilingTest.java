package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.memory.MemoryLevel;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What a node does without while memory is short, and that it recovers. */
class MemoryCeilingTest {
  private static final long CEILING = 10_000_000;

  private final AtomicLong held = new AtomicLong();

  @Test
  void new_connections_are_refused_above_the_second_mark_and_let_in_again_below() {
    try (TestBroker broker = broker();
        RawClient old = broker.connect(ConnectSpec.v5("old"))) {
      held.set(CEILING * 12 / 10);
      await().until(() -> broker.broker().memoryLevel() == MemoryLevel.REFUSING);
      expectRefusal(broker, ConnectSpec.v5("new"));
      expectRefusal(broker, ConnectSpec.v3("new"));
      assertThat(broker.count("limpet.refused", "limit", "memory-ceiling")).isEqualTo(2);
      assertThat(broker.gauge("limpet.memory.level")).isEqualTo(2);
      old.ping(); // who is in stays in

      held.set(CEILING * 108 / 100); // just below the mark: a level is not left at once
      await().until(() -> broker.gauge("limpet.memory.held") == held.get());
      assertThat(broker.broker().memoryLevel()).isEqualTo(MemoryLevel.REFUSING);
      held.set(CEILING);
      await().until(() -> broker.broker().memoryLevel() == MemoryLevel.SHEDDING);
      broker.connect(ConnectSpec.v5("new")).close();
      held.set(CEILING / 2);
      await().until(() -> broker.broker().memoryLevel() == MemoryLevel.NORMAL);
    }
  }

  private static void expectRefusal(TestBroker broker, ConnectSpec spec) {
    try (RawClient client = RawClient.open(broker.port(), spec.version())) {
      client.send(new Connect(spec.request()));
      ReasonCode told = client.expect(Connack.class).reason();
      assertThat(told.connackReturnCode()).isEqualTo(3);
      if (spec.version().isV5()) {
        assertThat(told).isEqualTo(ReasonCode.SERVER_BUSY);
      }
      client.expectEnd();
    }
  }

  @Test
  void qos_0_is_shed_first_and_qos_1_still_waits() {
    String large = "x".repeat(60_000);
    try (TestBroker broker = broker();
        RawClient slow = RawClient.openNarrow(broker.port(), ProtocolVersion.V5);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      slow.connect(ConnectSpec.v5("slow"));
      slow.subscribe("flood/#", Qos.AT_LEAST_ONCE);
      held.set(CEILING * 105 / 100);
      await().until(() -> broker.broker().memoryLevel() == MemoryLevel.SHEDDING);
      int sent = 0;
      while (shed(broker) == 0) { // what the socket takes is not shed
        publisher.publish("flood/0", large, Qos.AT_MOST_ONCE);
        publisher.ping();
        sent++;
      }
      publisher.publish("flood/1", "kept");
      int taken = 0;
      while (!slow.take(1).equals(List.of("kept"))) {
        taken++;
      }
      // Only now has the lane of the slow one seen all that was sent.
      assertThat(shed(broker)).isEqualTo(sent - taken);
      assertThat(broker.count("limpet.deliveries.dropped", "qos", "0")).isEqualTo(shed(broker));

      held.set(0);
      await().until(() -> broker.broker().memoryLevel() == MemoryLevel.NORMAL);
    }
  }

  @Test
  void slow_readers_alone_bring_a_small_ceiling_down_and_leaving_lifts_it() {
    NodeLimits limits =
        NodeLimits.builder()
            .sessionsMax(10)
            .sendQueueMessagesMax(100_000)
            .sendQueueBytesMax(CEILING * 2)
            .socketBytesMax(1 << 30)
            .inboxMessagesMax(100)
            .inboxBytesMax(1 << 20)
            .retainedBytesMax(1 << 20)
            .memoryCeilingBytes(CEILING / 10)
            .build();
    try (TestBroker broker =
            new TestBroker.Setup().options(BrokerOptions.builder().node(limits).build()).start();
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      RawClient slow = RawClient.openNarrow(broker.port(), ProtocolVersion.V5);
      slow.connect(ConnectSpec.v5("slow"));
      slow.subscribe("flood", Qos.AT_MOST_ONCE);
      String large = "x".repeat(60_000);
      for (int i = 0; shed(broker) == 0; i++) {
        assertThat(i).as("messages without one that was shed").isLessThan(100_000);
        publisher.publish("flood", large, Qos.AT_MOST_ONCE);
        publisher.ping();
      }
      assertThat(broker.gauge("limpet.memory.held")).isGreaterThanOrEqualTo(CEILING / 10);
      slow.close();
      await().until(() -> broker.broker().memoryLevel() == MemoryLevel.NORMAL);
      broker.connect(ConnectSpec.v5("new")).close();
    }
  }

  private static double shed(TestBroker broker) {
    return broker
        .registry
        .get("limpet.queues.refused")
        .tag("limit", "memory-ceiling")
        .functionCounter()
        .count();
  }

  private TestBroker broker() {
    NodeLimits limits =
        NodeLimits.builder()
            .sessionsMax(10)
            .sendQueueMessagesMax(100_000)
            .sendQueueBytesMax(1L << 30)
            .socketBytesMax(1 << 30)
            .inboxMessagesMax(100)
            .inboxBytesMax(1 << 20)
            .retainedBytesMax(1 << 20)
            .memoryCeilingBytes(CEILING)
            .build();
    return new TestBroker.Setup()
        .options(BrokerOptions.builder().node(limits).build())
        .memory(queuedBytes -> held.get())
        .start();
  }
}
