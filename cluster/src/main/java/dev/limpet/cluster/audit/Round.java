package dev.limpet.cluster.audit;

import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Claim;
import dev.limpet.broker.spi.cluster.AuditedBroker;
import dev.limpet.broker.spi.cluster.AuditedBroker.Connected;
import dev.limpet.cluster.member.PartitionTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Walks once through everything a node is responsible for. Confined to the housekeeper. */
final class Round {
  private final Map<Integer, List<Connected>> connected = new HashMap<>();
  private final Map<Integer, List<ClientId>> indexed = new HashMap<>();
  private final List<Claim> claims = new ArrayList<>();
  private final int partitions;
  private final long beganNanos;
  private final long nanosMax;
  private int next;

  /**
   * @param nanosMax it is to be over after so long
   */
  Round(PartitionTable table, AuditedBroker broker, long nowNanos, long nanosMax) {
    this.partitions = table.count();
    this.beganNanos = nowNanos;
    this.nanosMax = nanosMax;
    for (Connected each : broker.connected()) {
      ClientId id = each.claim().clientId();
      connected.computeIfAbsent(table.partitionOf(id.value()), any -> new ArrayList<>()).add(each);
      claims.add(each.claim());
    }
    for (ClientId id : broker.indexed()) {
      indexed.computeIfAbsent(table.partitionOf(id.value()), any -> new ArrayList<>()).add(id);
    }
  }

  /** The partition whose turn it is now; -1 when none is due. */
  int take(long nowNanos) {
    double part = (double) (nowNanos - beganNanos) / nanosMax;
    return next < Math.min(partitions, (int) Math.ceil(part * partitions)) ? next++ : -1;
  }

  boolean isOver(long nowNanos) {
    return next == partitions && nowNanos - beganNanos >= nanosMax;
  }

  List<Connected> connectedIn(int partition) {
    return connected.getOrDefault(partition, List.of());
  }

  List<ClientId> indexedIn(int partition) {
    return indexed.getOrDefault(partition, List.of());
  }

  List<Claim> claims() {
    return claims;
  }
}
