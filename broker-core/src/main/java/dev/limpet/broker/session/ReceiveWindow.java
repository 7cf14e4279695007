package dev.limpet.broker.session;

import dev.limpet.broker.mqtt.PublicationId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Tracks the packet ids of inbound QoS 2 publications awaiting PUBREL, so that each is routed once
 * [MQTT-4.3.3-10]. At most 65,535 of them, and the connection bounds them by its Receive Maximum.
 *
 * <p>Confined to its lane.
 */
public final class ReceiveWindow {

  /** The kinds of a PUBLISH at QoS 2. */
  public enum Arrival {
    /** Not seen before: note it and route it. */
    NEW,
    /** Noted by an earlier connection that may not have routed it: route it again under its id. */
    RESUMED,
    /** Routed already: only answer. */
    DUPLICATE
  }

  private final Map<Integer, PublicationId> pending = new HashMap<>();
  private final Map<Integer, PublicationId> resumed;

  /**
   * @param resumed publications an earlier connection of the session noted
   */
  public ReceiveWindow(Map<Integer, PublicationId> resumed) {
    this.resumed = new HashMap<>(resumed);
  }

  /** Classifies a PUBLISH with this packet id. */
  public Arrival arrival(int packetId) {
    if (pending.containsKey(packetId)) {
      return Arrival.DUPLICATE;
    }
    return resumed.containsKey(packetId) ? Arrival.RESUMED : Arrival.NEW;
  }

  /** Notes a new publication. */
  public void receive(int packetId, PublicationId id) {
    pending.put(packetId, id);
  }

  /** The id an earlier connection gave it; from now on it counts as routed. */
  public Optional<PublicationId> resume(int packetId) {
    PublicationId id = resumed.remove(packetId);
    if (id != null) {
      pending.put(packetId, id);
    }
    return Optional.ofNullable(id);
  }

  /** PUBREL: the id is free. Answers false when it was not taken. */
  public boolean release(int packetId) {
    boolean wasResumed = resumed.remove(packetId) != null;
    return pending.remove(packetId) != null || wasResumed;
  }

  public int size() {
    return pending.size() + resumed.size();
  }
}
