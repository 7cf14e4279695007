package dev.limpet.cluster.http;

import java.util.Locale;

/** Names the stages of a node's life. */
public enum NodeState {
  /** Joining the cluster; no client is admitted yet. */
  STARTING,
  /**
   * Becoming whole again: it reads the sessions of a node that died or of partitions it gained,
   * makes copies, or waits for owners or routes.
   */
  RECOVERING,
  /** A part of it does not go on: it heals itself, or ends. */
  STUCK,
  /** Without a majority of the nodes that were together last: it serves no clients. */
  CUT_OFF,
  /** Lets clients in. */
  READY,
  /** Sends its clients away and leaves. */
  LEAVING;

  /** As written in JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
