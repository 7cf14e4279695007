package dev.limpet.cluster.sim;

import dev.limpet.cluster.view.SplitMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Notes what clients see and says which promise is broken. Where both sides of a split serve, only
 * what is acknowledged has to be kept.
 */
final class Invariants {
  /** As long as the old home goes on appending. */
  private static final int HAND_OVER_MILLIS = 16_000;

  private final SimulatedCluster world;
  private final boolean strict;
  private final Map<String, Sent> acknowledged = new LinkedHashMap<>();
  private final Map<String, Map<String, Integer>> delivered = new HashMap<>();
  private final Map<String, Integer> latest = new HashMap<>();
  private final Map<String, Long> sentMillis = new HashMap<>();
  private final Set<String> cancelled = new HashSet<>();
  private final Set<String> inDoubt = new HashSet<>();
  private final List<String> violations = new ArrayList<>();

  Invariants(SimulatedCluster world) {
    this.world = world;
    this.strict = world.mode == SplitMode.CONSISTENT;
  }

  List<String> violations() {
    return violations;
  }

  int acknowledgedCount() {
    return acknowledged.size();
  }

  void violated(String promise, String what, Object... values) {
    String line = promise + ": " + String.format(what, values);
    world.trace("VIOLATED %s", line);
    violations.add(line);
  }

  void connected(SimClient client, boolean present) {
    boolean first = !client.isSubscribed();
    if (strict && !first && !present) {
      violated("G7", "%s finds no session", client.device);
    }
  }

  void acknowledged(Sent sent) {
    world.trace("%s is acknowledged", sent.payload());
    acknowledged.put(sent.payload(), sent);
  }

  void cancelled(String will) {
    cancelled.add(will);
    if (strict
        && !inDoubt.contains(will)
        && delivered.values().stream().anyMatch(of -> of.containsKey(will))) {
      violated("G6", "%s was cancelled and has been published", will);
    }
  }

  /** A connection has claimed twice, or in the copy of a node that is cut off. */
  void claimInDoubt(String will) {
    inDoubt.add(will);
  }

  void delivered(SimClient client, SimConnection.Got got) {
    String payload = got.payload();
    int count =
        delivered
            .computeIfAbsent(client.device, device -> new HashMap<>())
            .merge(payload, 1, Integer::sum);
    world.trace("%s gets %s under %d", client.device, payload, got.packetId());
    if (!strict || inDoubt.contains(payload)) {
      return;
    }
    boolean will = payload.startsWith("will:");
    if (count > 1 && got.qos() == 2) {
      violated(will ? "G6" : "G5", "%s gets %s %d times", client.device, payload, count);
    }
    if (will && cancelled.contains(payload)) {
      violated("G6", "%s gets %s, which was cancelled", client.device, payload);
    }
    if (!will && count == 1) {
      order(client, payload.split(":"));
    }
  }

  private void order(SimClient client, String[] parts) {
    int number = Integer.parseInt(parts[1]);
    String stream = client.device + " from " + parts[0] + " " + parts[2] + " " + parts[3];
    int before = latest.merge(stream, number, Math::max);
    if (before > number && !hasMovedSince(client, String.join(":", parts))) {
      violated("G4", "%s: %d after %d", stream, number, before);
    }
  }

  /** Home and routes changed while it was under way: then an older append may be overtaken. */
  private boolean hasMovedSince(SimClient client, String payload) {
    return world.partitions.movedMillis(client.clientId.value())
        >= sentMillis.getOrDefault(payload, 0L) - HAND_OVER_MILLIS;
  }

  void sent(Sent sent) {
    sentMillis.put(sent.payload(), world.clock.nowMillis());
  }

  /** At the end, when everything has had its time. */
  void settled() {
    for (SimClient client : world.clients()) {
      Map<String, Integer> got = delivered.getOrDefault(client.device, Map.of());
      for (Sent sent : acknowledged.values()) {
        if (client.topics.contains(sent.topic()) && !got.containsKey(sent.payload())) {
          violated("G2", "%s misses %s", client.device, sent.payload());
        }
      }
    }
    new Convergence(world).check();
  }
}
