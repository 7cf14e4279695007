package dev.limpet.lb;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The sockets of one event loop for which nobody has decided where they go. All have the same time
 * to tell their client id, so the oldest is late first, and one timer does for all of them. Bounded
 * by {@link FrontendOptions#handshakesMax}.
 *
 * <p>Confined to its event loop.
 */
final class UndecidedSockets {

  private final EventLoop loop;
  private final long timeoutNanos;

  /** Oldest first. */
  private final Set<ConnectSniffer> reading = new LinkedHashSet<>();

  private final Set<ConnectSniffer> paused = new LinkedHashSet<>();
  private boolean scheduled;

  UndecidedSockets(EventLoop loop, FrontendOptions options) {
    this.loop = loop;
    this.timeoutNanos = TimeUnit.MILLISECONDS.toNanos(options.handshake().connectTimeoutMillis());
  }

  /** A client begins to tell its id. */
  void add(ConnectSniffer sniffer) {
    reading.add(sniffer);
    if (!scheduled) {
      schedule(timeoutNanos);
    }
  }

  /** The id is known, and whoever asks for the home takes as long as it takes. */
  void pause(ConnectSniffer sniffer) {
    paused.add(sniffer);
  }

  /** The client has told its id, or is gone. */
  void remove(ConnectSniffer sniffer) {
    reading.remove(sniffer);
    paused.remove(sniffer);
  }

  /** Makes room for one more; false when nobody on this loop is still to tell its id. */
  boolean rejectOldest() {
    Iterator<ConnectSniffer> oldestFirst = reading.iterator();
    if (!oldestFirst.hasNext()) {
      return false;
    }
    oldestFirst.next().reject(RejectReason.HANDSHAKES_MAX);
    return true;
  }

  /** Nobody will be served any more. */
  void rejectAll() {
    List<ConnectSniffer> all = new ArrayList<>(reading);
    all.addAll(paused);
    all.forEach(each -> each.reject(RejectReason.STOPPING));
  }

  private void schedule(long delayNanos) {
    scheduled = true;
    var unused = loop.schedule(this::look, delayNanos, TimeUnit.NANOSECONDS);
  }

  private void look() {
    scheduled = false;
    long beganBefore = System.nanoTime() - timeoutNanos;
    List<ConnectSniffer> late = new ArrayList<>();
    for (ConnectSniffer oldest : reading) {
      long leftNanos = oldest.beganNanos() - beganBefore;
      if (leftNanos > 0) {
        schedule(leftNanos);
        break;
      }
      late.add(oldest);
    }
    late.forEach(each -> each.reject(RejectReason.TIMEOUT));
  }
}
