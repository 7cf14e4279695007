package dev.limpet.broker.unbreakable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.limpet.broker.TestBroker;
import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Connack;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Clients that read or write as slowly as they can. */
class SlowClientTest extends HostileClientTest {

  /** Far more answers than all buffers between the two could hold. */
  private static final int PINGS = 50_000_000;

  private static final int BATCH = 10_000;

  @Test
  void who_never_reads_is_not_read_from() {
    RawClient hostile = RawClient.openNarrow(broker.port(), ProtocolVersion.V5);
    hostile.connect(ConnectSpec.v5("hostile"));
    CompletableFuture<Void> flood = CompletableFuture.runAsync(() -> ping(hostile));
    bystanders.awaitServed(200);
    assertThat(flood).isNotDone();
    hostile.close();
    assertThat(flood.handle((done, failure) -> failure).join())
        .hasRootCauseInstanceOf(SocketException.class);
  }

  private static void ping(RawClient client) {
    Packet[] batch = new Packet[BATCH];
    Arrays.fill(batch, Packet.Pingreq.INSTANCE);
    for (int i = 0; i < PINGS / BATCH; i++) {
      client.sendTogether(batch);
    }
  }

  @Test
  void who_reads_byte_by_byte_gets_all_and_holds_up_nobody() {
    try (RawClient slow = RawClient.openNarrow(broker.port(), ProtocolVersion.V5);
        RawClient publisher = broker.connect(ConnectSpec.v5("publisher"))) {
      slow.connect(ConnectSpec.v5("hostile"));
      slow.subscribe("slow", Qos.AT_LEAST_ONCE);
      String large = "x".repeat(10_000);
      for (int i = 0; i < 100; i++) {
        publisher.publish("slow", large + i);
      }
      for (int i = 0; i < 50; i++) {
        slow.readBytes(1);
        bystanders.awaitServed(1);
      }
      for (int i = 0; i < 100; i++) {
        slow.take(large + i);
      }
    }
  }

  @Test
  void who_writes_byte_by_byte_is_served_like_anybody() {
    try (RawClient slow = RawClient.open(broker.port(), ProtocolVersion.V5)) {
      byteByByte(slow, "10 0E 00 04 4D 51 54 54 05 02 00 00 00 00 01 61");
      assertThat(slow.expect(Connack.class).reason()).isEqualTo(ReasonCode.SUCCESS);
      byteByByte(slow, "82 07 00 01 00 00 01 61 00");
      slow.expect(Packet.Suback.class);
      byteByByte(slow, "30 05 00 01 61 00 78");
      slow.expectPublish("x");
      byteByByte(slow, "C0 00");
      slow.expect(Packet.Pingresp.class);
    }
  }

  private void byteByByte(RawClient client, String hex) {
    for (String octet : hex.split(" ", -1)) {
      client.sendHex(octet);
      bystanders.awaitServed(1);
    }
  }

  @Test
  void a_connect_that_drips_for_ever_does_not() {
    try (TestBroker quick =
            new TestBroker.Setup().options(QuickOptions.connectTimeout(300)).start();
        RawClient hostile = RawClient.open(quick.port(), ProtocolVersion.V5)) {
      hostile.sendHex("10 FF 7F 0004 4D515454 05 02 003C F0 7E"); // properties of 16 kB
      int dripped = 0;
      boolean open = true;
      while (open && dripped < 16_000) {
        bystanders.awaitServed(1);
        open = drip(hostile);
        dripped++;
      }
      assertThat(open).as("after %d bytes", dripped).isFalse();
    }
  }

  private static boolean drip(RawClient client) {
    try {
      client.sendHex("26");
      return true;
    } catch (UncheckedIOException closed) {
      return false;
    }
  }
}
