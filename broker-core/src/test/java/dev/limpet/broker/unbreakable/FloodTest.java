package dev.limpet.broker.unbreakable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.limpet.broker.connection.codec.Packet.Connect;
import dev.limpet.broker.mqtt.ProtocolVersion;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** More clients than anybody needs. */
class FloodTest extends HostileClientTest {
  private static final int HALF_OPEN_MAX = 10_000;

  /** Files left to everything else in this process. */
  private static final int FILES_SPARED = 1_000;

  @Test
  void ten_thousand_half_open_handshakes_are_closed_in_time() throws IOException {
    UnixOperatingSystemMXBean system =
        (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long before = system.getOpenFileDescriptorCount();
    // Both ends of each are in this process.
    long room = (system.getMaxFileDescriptorCount() - before - FILES_SPARED) / 2;
    int count = (int) Math.min(HALF_OPEN_MAX, room);
    assertThat(count).isPositive();
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(halfOpen(i));
      }
      bystanders.awaitServed(20);
      try (RawClient newcomer = broker.connect(ConnectSpec.v5("newcomer"))) {
        newcomer.ping();
      }
      long most = before + count + FILES_SPARED / 2;
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> system.getOpenFileDescriptorCount() < most); // the broker's ends are gone
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** From one of several addresses, some silent and some with the beginning of a CONNECT. */
  private static Socket halfOpen(int number) throws IOException {
    Socket socket = new Socket();
    socket.bind(new InetSocketAddress("127.0.0." + (1 + number % 8), 0));
    socket.connect(new InetSocketAddress("127.0.0.1", broker.port()));
    if (number % 2 == 0) {
      socket.getOutputStream().write(new byte[] {0x10, 0x20, 0, 4, 'M'});
    }
    return socket;
  }

  @Test
  void connects_and_disconnects_by_the_thousand_disturb_nobody() {
    IntStream.range(0, 4)
        .parallel()
        .forEach(
            lane -> {
              for (int i = 0; i < 500; i++) {
                comeAndGo("flood-" + lane + "-" + i % 50, i);
              }
            });
    bystanders.awaitServed(10);
    broker.awaitConnections(bystanders.count());
  }

  private static void comeAndGo(String id, int how) {
    try (RawClient client = RawClient.open(broker.port(), ProtocolVersion.V3_1_1)) {
      client.send(new Connect(ConnectSpec.v3(id).request()));
      if (how % 3 > 0) {
        client.next();
        client.subscribe("flood/" + id, Qos.AT_LEAST_ONCE);
      }
      if (how % 3 > 1) {
        client.disconnect();
      }
    }
  }

  @Test
  void durable_sessions_of_random_ids_are_gone_when_they_expire() {
    int count = 2_000;
    for (int i = 0; i < count; i++) {
      try (RawClient client = broker.connect(ConnectSpec.v5("random-" + i).durable())) {
        client.subscribe("random/" + i, Qos.AT_LEAST_ONCE);
        client.disconnect();
      }
    }
    await().until(() -> broker.gauge("limpet.sessions.expiring") == count);
    broker.clock.advanceSeconds(3_601);
    await().until(() -> broker.broker().durableSessionCount() == 0);
    await().until(() -> broker.gauge("limpet.sessions.expiring") == 0);
    await().until(() -> !broker.isKnown("random-0") && !broker.isKnown("random-1999"));
  }
}
