package dev.limpet.lb;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts the sockets and bytes one frontend holds, and enforces its bounds. Thread-safe: atomic
 * counters.
 */
final class FrontendAdmission {

  private final FrontendOptions options;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger handshakes = new AtomicInteger();
  private final AtomicLong handshakeBytes = new AtomicLong();

  FrontendAdmission(FrontendOptions options) {
    this.options = options;
  }

  /**
   * Lets a new connection in, as a handshake.
   *
   * @return why not; null if it is in, then {@link #endHandshake} and {@link #endConnection} have
   *     to follow, once each
   */
  @Nullable RejectReason enter() {
    if (connections.incrementAndGet() > options.connectionsMax()) {
      connections.decrementAndGet();
      return RejectReason.CONNECTIONS_MAX;
    }
    if (handshakes.incrementAndGet() > options.handshake().handshakesMax()) {
      handshakes.decrementAndGet();
      connections.decrementAndGet();
      return RejectReason.HANDSHAKES_MAX;
    }
    return null;
  }

  /**
   * Accounts bytes that a handshake has to keep; they count until {@link #endHandshake} returns
   * them, even if this returns false.
   *
   * @return whether they fit
   */
  boolean hold(int count) {
    return handshakeBytes.addAndGet(count) <= options.handshake().handshakeBytesMax();
  }

  void endHandshake(int bytesHeld) {
    handshakes.decrementAndGet();
    handshakeBytes.addAndGet(-bytesHeld);
  }

  void endConnection() {
    connections.decrementAndGet();
  }

  int connections() {
    return connections.get();
  }

  int handshakes() {
    return handshakes.get();
  }

  long handshakeBytes() {
    return handshakeBytes.get();
  }
}
