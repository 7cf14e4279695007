package dev.limpet.broker.unbreakable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.limpet.broker.connection.codec.Packet;
import dev.limpet.broker.connection.codec.Packet.Acknowledgement;
import dev.limpet.broker.connection.codec.Packet.Publish;
import dev.limpet.broker.connection.codec.PacketType;
import dev.limpet.broker.mqtt.Qos;
import dev.limpet.broker.wire.ConnectSpec;
import dev.limpet.broker.wire.RawClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Clients that publish to themselves all the while, some on each lane: whatever others do, each of
 * them gets every message and every acknowledgement. Checked when closed.
 */
public final class Bystanders implements AutoCloseable {
  /** More than a test broker has lanes; sockets are dealt out in turn. */
  private static final int CLIENTS = 4;

  private static final long PAUSE_MILLIS = 2;
  private static final Duration POLL = Duration.ofMillis(5);
  private static final AtomicInteger NUMBERS = new AtomicInteger();

  private final ScheduledExecutorService executor = Executors.newScheduledThreadPool(2);
  private final List<Bystander> clients = new ArrayList<>();

  public Bystanders(int port) {
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new Bystander(port, "bystander-" + NUMBERS.incrementAndGet()));
    }
    for (Bystander each : clients) {
      executor.scheduleWithFixedDelay(each, 0, PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** How many there are. */
  public int count() {
    return clients.size();
  }

  /** Waits until each has been served so often from now on. */
  public void awaitServed(int more) {
    for (Bystander each : clients) {
      int target = each.served + more;
      await().pollInterval(POLL).until(() -> each.failure != null || each.served >= target);
      assertThat(each.failure).isNull();
    }
  }

  @Override
  public void close() {
    awaitServed(1);
    executor.shutdown();
    try {
      assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    for (Bystander each : clients) {
      assertThat(each.failure).isNull();
      each.client.disconnect();
    }
  }

  /** One client; runs on one thread at a time. */
  private static final class Bystander implements Runnable {
    private final RawClient client;
    private final String topic;
    private volatile int served;
    private volatile @Nullable Throwable failure;

    Bystander(int port, String id) {
      topic = id;
      client = RawClient.connect(port, ConnectSpec.v5(id));
      client.subscribe(topic, Qos.AT_LEAST_ONCE);
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread at a time
    public void run() {
      if (failure != null) {
        return;
      }
      try {
        roundTrip("message " + served);
        served++;
      } catch (RuntimeException | AssertionError e) {
        failure = e;
      }
    }

    private void roundTrip(String payload) {
      int packetId = served % 60_000 + 1;
      client.send(RawClient.publish(topic, payload, Qos.AT_LEAST_ONCE, packetId));
      boolean acknowledged = false;
      boolean received = false;
      while (!acknowledged || !received) {
        Packet packet = client.next();
        if (packet instanceof Publish publish) {
          assertThat(publish.payload().toString()).isEqualTo(payload);
          client.ack(PacketType.PUBACK, publish.packetId());
          received = true;
        } else {
          assertThat(packet).isInstanceOf(Acknowledgement.class);
          assertThat(((Acknowledgement) packet).packetId()).isEqualTo(packetId);
          acknowledged = true;
        }
      }
    }
  }
}
