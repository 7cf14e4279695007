package dev.limpet.cluster.peer;

/** Lists the kinds of frames; the ordinal is the number on the wire. */
public enum FrameKind {
  /** First on a connection: who wants to talk to whom, and from which frame on. */
  HELLO,
  /** The answer to {@link #HELLO}: through which frame all have been handled. */
  WELCOME,
  /** The other answer: why not. */
  REFUSED,
  /** What do the peer's clocks show, and when by its own clock the sender asked. */
  CLOCK_ASKED,
  /** The answer to {@link #CLOCK_ASKED}. */
  CLOCK_READ,
  /** All frames through this one have been handled. */
  ACKNOWLEDGE,
  /** Requests that were done and have nothing to say. */
  ANSWERED,
  /** A request that was done, with its answer. */
  ANSWER,
  /** A request that failed. */
  FAILURE,
  /** {@code PeerLink.deliver}. */
  DELIVER,
  /** {@code PeerLink.append}; a request. */
  APPEND,
  /** {@code PeerLink.evict}; a request. */
  EVICT,
  /** {@code PeerLink.wake}. */
  WAKE,
  /** {@code PeerLink.index}; a request. */
  INDEX,
  /** {@code PeerLink.inspect}; a request. */
  INSPECT,
  /** Changes of the sender's routes; a request, answered when they are applied. */
  ROUTES,
  /** How many changes of its routes the sender has announced. */
  DIGEST,
  /** Partitions whose sessions the sender has indexed. */
  INDEXED,
  /** {@code PeerLink.handOn}; a request. */
  HAND_ON,
  /** {@code PeerLink.settle}; a request. */
  SETTLE,
  /** {@code PeerLink.deliverAgain}; a request. */
  DELIVER_AGAIN,
  /** {@code PeerLink.replay}; a request. */
  REPLAY,
  /** {@code PeerLink.holdings}; a request. */
  HOLDINGS,
  /** The sender's last view. */
  VIEW,
  /** The sender will leave, and its partitions will move; a request. */
  LEAVING;

  private static final FrameKind[] BY_NUMBER = values();

  /** Whether it keeps the connection itself going, so that it is neither counted nor repeated. */
  boolean isControl() {
    return ordinal() <= ACKNOWLEDGE.ordinal();
  }

  static FrameKind of(int number) {
    if (number >= BY_NUMBER.length) {
      throw new IllegalArgumentException("unknown kind of frame " + number);
    }
    return BY_NUMBER[number];
  }
}
