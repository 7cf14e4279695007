package dev.limpet.cluster.routes;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SerializationConfig;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import dev.limpet.broker.mqtt.NodeId;
import dev.limpet.cluster.member.RecordSerializer;

/** Configures Hazelcast's map of routes. Stateless. */
public final class RouteMap {

  /** Name of the map from a node to its set of routes. */
  static final String NAME = "limpet.routes";

  private static final int TYPES = 7120;

  private RouteMap() {}

  static String key(NodeId node) {
    return node.name() + "#" + Long.toHexString(node.incarnation());
  }

  /** Adds the map and its serializers to the configuration of a member. */
  public static void configure(Config config) {
    config.addMapConfig(
        new MapConfig(NAME)
            .setInMemoryFormat(InMemoryFormat.OBJECT)
            .setBackupCount(1)
            .setStatisticsEnabled(false)
            // After a split each node writes its own set anew anyway.
            .setMergePolicyConfig(
                new MergePolicyConfig().setPolicy(PutIfAbsentMergePolicy.class.getName())));
    SerializationConfig types = config.getSerializationConfig();
    types.addSerializerConfig(
        RecordSerializer.of(TYPES, RouteSet.class, RouteSet::write, RouteSet::read));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 1,
            ApplyRoutes.class,
            (step, out) -> {
              out.string(step.node.name()).int64(step.node.incarnation());
              step.delta.write(out);
            },
            in -> new ApplyRoutes(new NodeId(in.string(), in.int64()), RouteDelta.read(in))));
    types.addSerializerConfig(
        RecordSerializer.of(TYPES + 2, ReadMark.class, (step, out) -> {}, in -> new ReadMark()));
    types.addSerializerConfig(
        RecordSerializer.of(
            TYPES + 3, DropRoutes.class, (step, out) -> {}, in -> new DropRoutes()));
  }
}
