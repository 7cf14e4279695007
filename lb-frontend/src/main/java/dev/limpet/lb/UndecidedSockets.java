package dev.limpet.lb;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Tracks the sockets of one event loop without a destination yet. All have the same time to send
 * their client id, so the oldest is late first, and one timer serves all of them. Bounded by {@link
 * FrontendOptions#handshakesMax}.
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

  /** Adds a client whose id is not known yet. */
  void add(ConnectSniffer sniffer) {
    reading.add(sniffer);
    if (!scheduled) {
      schedule(timeoutNanos);
    }
  }

  /** Ends the timeout for the id: finding the home has a timeout of its own. */
  void pause(ConnectSniffer sniffer) {
    paused.add(sniffer);
  }

  /** Removes a client whose id is known, or that is gone. */
  void remove(ConnectSniffer sniffer) {
    reading.remove(sniffer);
    paused.remove(sniffer);
  }

  /** Makes room for one more; false when no socket on this loop still owes its id. */
  boolean rejectOldest() {
    Iterator<ConnectSniffer> oldestFirst = reading.iterator();
    if (!oldestFirst.hasNext()) {
      return false;
    }
    oldestFirst.next().reject(RejectReason.HANDSHAKES_MAX);
    return true;
  }

  /** Rejects all: no socket will be served any more. */
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
