package dev.limpet.cluster.member;

import com.hazelcast.cluster.Member;
import dev.limpet.broker.mqtt.NodeId;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Lists the members at one moment, in the order in which they joined. Immutable. */
record MemberView(Map<NodeId, MemberInfo> nodes, Map<UUID, NodeId> byUuid, Set<NodeId> ids) {

  static final MemberView EMPTY = new MemberView(Map.of(), Map.of(), Set.of());

  static MemberView of(Collection<Member> members) {
    Map<NodeId, MemberInfo> nodes = new LinkedHashMap<>();
    Map<UUID, NodeId> byUuid = new LinkedHashMap<>();
    for (Member member : members) {
      MemberInfo.of(member)
          .ifPresent(
              info -> {
                nodes.put(info.id(), info);
                byUuid.put(member.getUuid(), info.id());
              });
    }
    return new MemberView(
        Collections.unmodifiableMap(nodes),
        Map.copyOf(byUuid),
        Collections.unmodifiableSet(nodes.keySet()));
  }

  /** The longest-standing first. */
  List<MemberInfo> inOrder() {
    return List.copyOf(nodes.values());
  }

  @Nullable NodeId node(Member member) {
    return byUuid.get(member.getUuid());
  }
}
