package dev.limpet.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.cluster.Address;
import com.hazelcast.cluster.Member;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.internal.partition.IPartitionService;
import com.hazelcast.internal.partition.InternalPartitionService;
import com.hazelcast.partition.PartitionService;
import com.hazelcast.spi.impl.AbstractDistributedObject;
import com.hazelcast.spi.impl.NodeEngine;
import com.hazelcast.spi.impl.PartitionSpecificRunnable;
import com.hazelcast.spi.properties.ClusterProperty;
import dev.limpet.broker.mqtt.ClientId;
import dev.limpet.broker.spi.Samples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** Some Hazelcast members in this process, joined over loopback. */
final class Members implements AutoCloseable {
  private final String clusterName = "test-" + UUID.randomUUID();
  private final List<String> addresses = new ArrayList<>();
  private final List<HazelcastInstance> instances = new ArrayList<>();

  private final Consumer<Config> more;

  Members(int count) {
    this(count, config -> {});
  }

  /** Members with a few more settings. */
  Members(int count, Consumer<Config> more) {
    this.more = more;
    for (int port : freePorts(count)) {
      join(port);
    }
    // Partitions are given out at the first use of a map.
    assertThat(instances.get(0).getMap("first-use").isEmpty()).isTrue();
    awaitSettled();
  }

  /** Starts one more member; returns before partitions have moved to it. */
  void join() {
    join(freePorts(1).get(0));
  }

  private void join(int port) {
    addresses.add("127.0.0.1:" + port);
    Config config = config(clusterName, port, addresses);
    more.accept(config);
    instances.add(Hazelcast.newHazelcastInstance(config));
  }

  /** Waits until the members that were not crashed share the partitions. */
  void awaitSettled() {
    List<HazelcastInstance> living =
        instances.stream().filter(member -> member.getLifecycleService().isRunning()).toList();
    Awaitility.await()
        .until(() -> living.stream().allMatch(member -> isSettled(member, living.size())));
  }

  /** Whether partitions are spread over all members, and each has its backup. */
  private static boolean isSettled(HazelcastInstance member, int count) {
    PartitionService partitions = member.getPartitionService();
    Set<Member> owners = new HashSet<>();
    partitions.getPartitions().forEach(partition -> owners.add(partition.getOwner()));
    return owners.size() == count && !owners.contains(null) && partitions.isClusterSafe();
  }

  HazelcastInstance get(int index) {
    return instances.get(index);
  }

  /** A client id nobody uses whose session the member owns. */
  ClientId clientOwnedBy(int index) {
    UUID owner = get(index).getCluster().getLocalMember().getUuid();
    return Stream.generate(Samples::newClientId)
        .filter(
            id -> {
              var partition = get(index).getPartitionService().getPartition(id.value());
              return partition.getOwner().getUuid().equals(owner);
            })
        .findFirst()
        .orElseThrow();
  }

  /** Client ids nobody uses whose sessions lie in one partition. */
  List<ClientId> clientsBeside(ClientId client, int count) {
    PartitionService partitions = get(0).getPartitionService();
    int partition = partitions.getPartition(client.value()).getPartitionId();
    return Stream.generate(Samples::newClientId)
        .filter(id -> partitions.getPartition(id.value()).getPartitionId() == partition)
        .limit(count)
        .toList();
  }

  /** The member that holds the backup of the client's session. */
  int backupOf(ClientId client) {
    IPartitionService partitions = engine(0).getPartitionService();
    Address backup =
        partitions.getPartition(partitions.getPartitionId(client.value())).getReplicaAddress(1);
    return IntStream.range(0, instances.size())
        .filter(index -> get(index).getCluster().getLocalMember().getAddress().equals(backup))
        .findFirst()
        .orElseThrow();
  }

  /** Keeps the member from doing anything with the client's session until the release. */
  void hold(int index, ClientId client, CompletableFuture<Void> release) {
    CompletableFuture<Void> held = new CompletableFuture<>();
    NodeEngine engine = engine(index);
    int partition = engine.getPartitionService().getPartitionId(client.value());
    engine
        .getOperationService()
        .execute(
            new PartitionSpecificRunnable() {
              @Override
              public int getPartitionId() {
                return partition;
              }

              @Override
              public void run() {
                held.complete(null);
                release.join();
              }
            });
    held.join();
  }

  /** Takes the member's permit for promotions as a promotion that was dropped half done does. */
  void takePromotionPermit(int index) {
    InternalPartitionService partitions =
        (InternalPartitionService) engine(index).getPartitionService();
    assertThat(partitions.getMigrationManager().acquirePromotionPermit()).isTrue();
  }

  private NodeEngine engine(int index) {
    return ((AbstractDistributedObject<?>) (Object) get(index).getMap("first-use")).getNodeEngine();
  }

  /** Ends a member as a crash does: nothing is handed over. */
  void crash(int index) {
    get(index).getLifecycleService().terminate();
  }

  @Override
  public void close() {
    instances.forEach(instance -> instance.getLifecycleService().terminate());
  }

  private static Config config(String clusterName, int port, List<String> addresses) {
    Config config = new Config().setClusterName(clusterName);
    config.setProperty(ClusterProperty.PARTITION_COUNT.getName(), "31");
    config.setProperty(ClusterProperty.PHONE_HOME_ENABLED.getName(), "false");
    config.setProperty(ClusterProperty.LOGGING_TYPE.getName(), "slf4j");
    config.setProperty(ClusterProperty.WAIT_SECONDS_BEFORE_JOIN.getName(), "0");
    config.getNetworkConfig().setPort(port).setPortAutoIncrement(false);
    config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
    JoinConfig join = config.getNetworkConfig().getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig().setEnabled(true).setMembers(addresses);
    StoreMaps.configure(config);
    return config;
  }

  /** Below those that the system gives to outgoing connections, of which members make some. */
  private static List<Integer> freePorts(int count) {
    return IntStream.generate(() -> ThreadLocalRandom.current().nextInt(10_000, 32_000))
        .distinct()
        .limit(1_000)
        .filter(Members::isFree)
        .limit(count)
        .boxed()
        .toList();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
