package dev.limpet.broker.metrics;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts the traffic on the sockets of one lane. Each count adds to a number no other thread
 * writes: no lock, no fence, and no cache line shared with another lane.
 *
 * <p>Written on its lane only; read from anywhere, a moment late.
 */
public final class Traffic {
  private static final int BYTES_RECEIVED = 0;
  private static final int BYTES_SENT = 1;
  private static final int PACKETS_RECEIVED = 2;
  private static final int PACKETS_SENT = 3;
  private static final int PAYLOAD_RECEIVED = 4;
  private static final int PAYLOAD_SENT = 5;
  private static final int SOCKETS = 6;
  private static final int CONNECTS = 7;
  private static final int PUBLICATIONS_RECEIVED = 8;
  private static final int PUBLICATIONS_SENT = 9;

  /** Longs before and behind the counters, so that they have their cache lines to themselves. */
  private static final int PADDING = 16;

  private final AtomicLongArray counters = new AtomicLongArray(PUBLICATIONS_SENT + 1 + 2 * PADDING);

  /** Shows the sums of all lanes. */
  public static void register(BrokerMetrics metrics, List<Traffic> lanes) {
    show(metrics, lanes, "limpet.bytes.received", "Bytes received from clients", BYTES_RECEIVED);
    show(metrics, lanes, "limpet.bytes.sent", "Bytes sent to clients", BYTES_SENT);
    show(
        metrics,
        lanes,
        "limpet.packets.received",
        "MQTT packets received from clients",
        PACKETS_RECEIVED);
    show(metrics, lanes, "limpet.packets.sent", "MQTT packets sent to clients", PACKETS_SENT);
    show(
        metrics,
        lanes,
        "limpet.publications.received",
        "PUBLISH packets received from clients",
        PUBLICATIONS_RECEIVED);
    show(
        metrics,
        lanes,
        "limpet.publications.sent",
        "PUBLISH packets sent to clients",
        PUBLICATIONS_SENT);
    show(
        metrics,
        lanes,
        "limpet.publications.bytes.received",
        "Payload bytes of PUBLISH packets received from clients",
        PAYLOAD_RECEIVED);
    show(
        metrics,
        lanes,
        "limpet.publications.bytes.sent",
        "Payload bytes of PUBLISH packets sent to clients",
        PAYLOAD_SENT);
    show(metrics, lanes, "limpet.sockets.opened", "Sockets opened for MQTT", SOCKETS);
    show(metrics, lanes, "limpet.connects", "CONNECT packets received", CONNECTS);
  }

  private static void show(
      BrokerMetrics metrics, List<Traffic> lanes, String name, String what, int counter) {
    metrics.counter(
        name,
        what,
        () -> lanes.stream().mapToLong(lane -> lane.counters.get(PADDING + counter)).sum());
  }

  private void add(int counter, long more) {
    int index = PADDING + counter;
    counters.lazySet(index, counters.getPlain(index) + more);
  }

  public void bytesReceived(int bytes) {
    add(BYTES_RECEIVED, bytes);
  }

  public void bytesSent(int bytes) {
    add(BYTES_SENT, bytes);
  }

  public void packetsReceived(int packets) {
    add(PACKETS_RECEIVED, packets);
  }

  public void packetSent() {
    add(PACKETS_SENT, 1);
  }

  /** A PUBLISH arrived with this many bytes of payload. */
  public void publicationReceived(int bytes) {
    add(PUBLICATIONS_RECEIVED, 1);
    add(PAYLOAD_RECEIVED, bytes);
  }

  /** A PUBLISH was written with this many bytes of payload. */
  public void publicationSent(int bytes) {
    add(PUBLICATIONS_SENT, 1);
    add(PAYLOAD_SENT, bytes);
  }

  public void socketOpened() {
    add(SOCKETS, 1);
  }

  public void connectReceived() {
    add(CONNECTS, 1);
  }
}
