package dev.limpet.cluster.http;

import java.util.Locale;

/** Names the stages of a node's life. */
public enum NodeState {
  /** Joining the cluster; no client is admitted yet. */
  STARTING,
  /** Reading the sessions of a node that died, or of partitions it gained. */
  RECOVERING,
  /** Lets clients in. */
  READY,
  /** Sends its clients away and leaves. */
  LEAVING;

  /** As written in JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
