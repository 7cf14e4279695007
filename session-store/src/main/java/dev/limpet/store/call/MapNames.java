package dev.limpet.store.call;

/** Holds the names of the maps the store keeps in Hazelcast. */
public final class MapNames {
  /** Sessions by client id, the plain string: in the same partition as any map with that key. */
  public static final String SESSIONS = "limpet.sessions";

  /** Retained publications by topic. */
  public static final String RETAINED = "limpet.retained";

  private MapNames() {}
}
