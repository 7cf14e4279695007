package dev.limpet.cluster.audit;

import java.util.Locale;

/** Lists what the audit mends; each kind is counted and logged by itself. */
enum Repair {
  /** A connected client whose claim was lost or released. */
  CLAIM_LOST("took up the lost claims of connected clients"),
  /** A connected client whose id is held elsewhere. */
  CLIENT_OUTDONE("ended connections whose client id is held elsewhere"),
  /** A connected client whose stored session was closed. */
  SESSION_CLOSED("opened the closed sessions of connected clients"),
  /** A connected durable client without a stored session. */
  SESSION_GONE("ended connections whose stored session is gone"),
  /** An inbox reader that nobody woke. */
  READER_STUCK("woke inbox readers"),
  /** A claim, or the host of a stored session, without a connection. */
  CLAIM_LEFT("released claims without a connection"),
  /** A session at home that this node does not route by as it is stored. */
  INDEX_STALE("read sessions at home again"),
  /** A route that the subscriptions need and the table lacks, or the other way round. */
  ROUTE_WRONG("corrected routes of this node"),
  /** The shared table held other routes of this node than it wrote. */
  ROUTES_LOST("wrote the routes of this node again");

  private final String words;

  Repair(String words) {
    this.words = words;
  }

  /** What was done, after "the audit". */
  String words() {
    return words;
  }

  /** For the label {@code kind}. */
  String tag() {
    return name().toLowerCase(Locale.ROOT);
  }
}
