package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.memory.MemoryLevel;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.session.SessionLimits;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import io.netty.channel.epoll.Epoll;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients that take large messages slowly or not at all use no more of the node than they may. */
@Timeout(120)
class SocketBudgetTest {
  private static final int BYTES_MAX = 2_000_000;
  private static final int CLIENTS = 12;
  private static final int MESSAGES_MAX = 2_000;

  /** Larger than what a connection gathers before it sends. */
  private static final String LARGE = "x".repeat(100_000);

  private final List<RawClient> deaf = new ArrayList<>();

  private TestBroker broker;
  private RawClient good;
  private RawClient publisher;

  /** A broker with one client that reads and others that do not. */
  private void start(int timeoutMillis, long memoryCeiling) {
    broker = broker(timeoutMillis, memoryCeiling);
    good = broker.connect(ConnectSpec.v5("good"));
    publisher = broker.connect(ConnectSpec.v5("publisher"));
    good.subscribe("flood", Qos.AT_MOST_ONCE);
    for (int i = 0; i < CLIENTS; i++) {
      RawClient client = RawClient.openNarrow(broker.port(), ProtocolVersion.V5);
      deaf.add(client);
      client.connect(ConnectSpec.v5("deaf" + i));
      client.subscribe("flood", Qos.AT_MOST_ONCE);
    }
  }

  @AfterEach
  void close() {
    deaf.forEach(RawClient::close);
    good.close();
    publisher.close();
    broker.close();
  }

  @Test
  void sockets_that_nobody_reads_hold_no_more_than_they_may() {
    start(60_000, Long.MAX_VALUE / 2);
    int sent = floodUntilDropped();
    // Each may get one more message before it is noticed that it has some left.
    assertThat(broker.gauge("limpet.sockets.bytes"))
        .isBetween(BYTES_MAX * 0.9, BYTES_MAX + CLIENTS * (LARGE.length() + 70_000.0));

    // Who begins to read gets what waited, though the others still hold all there is.
    RawClient first = deaf.get(0);
    for (int i = 0; i < Math.min(sent, 20); i++) {
      first.expect(Publish.class);
    }
    deaf.forEach(RawClient::close);
    await().until(() -> broker.gauge("limpet.sockets.bytes") == 0);
    publisher.publish("flood", "after", Qos.AT_MOST_ONCE);
    good.expectPublish("after");
  }

  @Test
  void who_takes_nothing_while_room_is_short_is_closed_and_makes_room() {
    start(2_000, Long.MAX_VALUE / 2);
    while (broker.count("limpet.refused", "limit", "node-socket-bytes-max") == 0) {
      publisher.publish("flood", LARGE, Qos.AT_MOST_ONCE);
      good.expectPublish(LARGE);
    }
    await().until(() -> broker.gauge("limpet.sockets.bytes") <= BYTES_MAX);
    publisher.ping();
    good.ping(); // whoever reads stays
  }

  @Test
  void what_sockets_hold_counts_as_memory_in_use() {
    start(60_000, BYTES_MAX / 2);
    floodUntilDropped();
    await().until(() -> broker.broker().memoryLevel() == MemoryLevel.REFUSING);
    deaf.forEach(RawClient::close);
    await().until(() -> broker.broker().memoryLevel() == MemoryLevel.NORMAL);
  }

  @Test
  void buffers_that_are_kept_to_send_with_are_counted() {
    assumeTrue(Epoll.isAvailable()); // others give their buffers to Netty
    start(60_000, Long.MAX_VALUE / 2);
    await().until(() -> broker.gauge("limpet.send.buffers.bytes") > 0);
  }

  private int floodUntilDropped() {
    int sent = 0;
    while (broker.count("limpet.deliveries.dropped", "qos", "0") < CLIENTS) {
      assertThat(sent).as("messages without a drop").isLessThan(MESSAGES_MAX);
      publisher.publish("flood", LARGE, Qos.AT_MOST_ONCE);
      good.expectPublish(LARGE);
      sent++;
    }
    return sent;
  }

  private static TestBroker broker(int timeoutMillis, long memoryCeiling) {
    SessionLimits limits =
        SessionLimits.builder()
            .sendQueueMessagesMax(20)
            .sendQueueBytesMax(1 << 20)
            .receiveMaximum(100)
            .sendMaximum(100)
            .subscriptionsMax(10)
            .build();
    ConnectionOptions connection =
        ConnectionOptions.builder()
            .connectTimeoutMillis(timeoutMillis)
            .topicAliasMaximum(0)
            .session(limits)
            .build();
    NodeLimits node =
        NodeLimits.builder()
            .sessionsMax(10)
            .sendQueueMessagesMax(100_000)
            .sendQueueBytesMax(1L << 30)
            .socketBytesMax(BYTES_MAX)
            .inboxMessagesMax(100)
            .inboxBytesMax(1 << 20)
            .retainedBytesMax(1 << 20)
            .memoryCeilingBytes(memoryCeiling)
            .build();
    return new TestBroker.Setup()
        .options(BrokerOptions.builder().connection(connection).retainedMax(10).node(node).build())
        .memory(queuedBytes -> 0)
        .start();
  }
}
