package dev.limpet.store.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.cluster.ClusterService;
import com.hazelcast.internal.cluster.impl.ClusterServiceImpl;
import com.hazelcast.spi.impl.NodeEngineImpl;

/** Reads state of a member that no public call shows. Stateless. */
public final class MemberInternals {
  private MemberInternals() {}

  /** Whether the member knows which member leads the cluster; one that does not is none. */
  public static boolean knowsMaster(HazelcastInstance member) {
    return !(member.getCluster() instanceof ClusterService service)
        || service.getMasterAddress() != null;
  }

  /** The member's engine. */
  static NodeEngineImpl engine(HazelcastInstance member) {
    return ((ClusterServiceImpl) member.getCluster()).getNodeEngine();
  }
}
