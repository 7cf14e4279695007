package dev.limpet.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.connection.ConnectionOptions;
import dev.limpet.broker.connection.ProtocolOptions;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A longest keep alive, told to those who can be told and kept by all. */
class KeepAliveTest {
  private static TestBroker broker;

  @BeforeAll
  static void start() {
    ConnectionOptions connection =
        ConnectionOptions.builder()
            .protocol(ProtocolOptions.builder().keepAliveSecondsMax(2).build())
            .build();
    broker =
        new TestBroker.Setup()
            .options(BrokerOptions.builder().connection(connection).build())
            .start();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @ParameterizedTest
  @CsvSource({"0, 2", "1,", "2,", "3, 2", "65535, 2"})
  void a_longer_keep_alive_or_none_is_shortened_and_told(int asked, Integer told) {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      Connack connack = client.connect(ConnectSpec.v5("k").keepAlive(asked));
      assertThat(connack.properties().assigned().keepAliveSeconds()).isEqualTo(told);
    }
  }

  @Test
  void who_asked_for_none_is_held_to_the_longest() {
    try (RawClient v5 = broker.connect(ConnectSpec.v5("v5").keepAlive(0));
        RawClient v3 = broker.connect(ConnectSpec.v3("v3").keepAlive(600))) {
      v5.expectDisconnect(ReasonCode.KEEP_ALIVE_TIMEOUT);
      v3.expectEnd();
    }
  }

  /**
   * Issue 7, item 10: a PUBLISH of 600 KB that takes longer to come than its client may be silent
   * (6 s). {@code KeepAliveClockTest} has the rest of it without waiting, and {@code
   * ConnectStatementsTest} what happens where packets count.
   */
  @Test
  void a_slow_upload_arrives() throws InterruptedException {
    ScheduledExecutorService line = Executors.newSingleThreadScheduledExecutor();
    CountDownLatch pieces = new CountDownLatch(30);
    try (TestBroker slow = new TestBroker.Setup().start();
        RawClient reader = slow.connect(ConnectSpec.v5("reader"));
        RawClient client = slow.connect(ConnectSpec.v3("slow").keepAlive(4))) {
      reader.subscribe("t", Qos.AT_MOST_ONCE);
      client.sendHex("30 C3CF24 0001 74"); // 600,003 bytes
      line.scheduleAtFixedRate(
          () -> {
            if (pieces.getCount() > 0) {
              client.sendHex("61".repeat(20_000));
              pieces.countDown();
            }
          },
          0,
          250,
          TimeUnit.MILLISECONDS);
      assertThat(reader.expect(Publish.class).payload().length()).isEqualTo(600_000);
      pieces.await();
      client.ping();
    } finally {
      line.shutdownNow();
    }
  }

  @Test
  void without_a_longest_everybody_has_what_it_asked_for() {
    try (TestBroker plain = new TestBroker.Setup().start();
        RawClient none = RawClient.open(plain.port(), ProtocolVersion.V5);
        RawClient longest = RawClient.open(plain.port(), ProtocolVersion.V5)) {
      assertThat(none.connect(ConnectSpec.v5("n")).properties().assigned().keepAliveSeconds())
          .isNull();
      assertThat(
              longest
                  .connect(ConnectSpec.v5("l").keepAlive(65_535))
                  .properties()
                  .assigned()
                  .keepAliveSeconds())
          .isNull();
    }
  }
}
