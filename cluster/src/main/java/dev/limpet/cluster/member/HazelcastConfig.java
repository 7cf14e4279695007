package dev.limpet.cluster.member;

import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Turns {@link MemberOptions} into Hazelcast's configuration. Stateless. */
final class HazelcastConfig {

  private static final int IO_THREADS_MAX = 3;

  private HazelcastConfig() {}

  static Config of(MemberOptions options, MemberInfo self) {
    Config config = new Config();
    config.setClusterName(options.clusterName());
    config.setInstanceName(self.id().name() + "-" + Long.toHexString(self.id().incarnation()));
    config.setClassLoader(HazelcastConfig.class.getClassLoader());
    config.setMemberAttributeConfig(self.attributes());
    config.setLiteMember(self.witness()); // then it owns no partitions
    config.getMetricsConfig().setEnabled(false);
    config.getJetConfig().setEnabled(false);
    network(config, options);
    failureDetection(config, options);
    threads(config);
    config.setProperty("hazelcast.partition.count", Integer.toString(options.partitionCount()));
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.health.monitoring.level", "OFF");
    // Our own order of stopping: clients first, Hazelcast last.
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty(
        "hazelcast.graceful.shutdown.max.wait", Integer.toString(options.leaveSecondsMax()));
    return config;
  }

  /**
   * One endpoint, for members only: it serves no Hazelcast clients, and their 500 handlers are not
   * even loaded.
   */
  private static void network(Config config, MemberOptions options) {
    AdvancedNetworkConfig network = config.getAdvancedNetworkConfig().setEnabled(true);
    ServerSocketEndpointConfig endpoint = new ServerSocketEndpointConfig();
    endpoint.setPort(options.port()).setPortAutoIncrement(false);
    InetAddress bind = resolve(options.bindHost());
    if (!bind.isAnyLocalAddress()) {
      endpoint.getInterfaces().setEnabled(true).addInterface(bind.getHostAddress());
      config.setProperty("hazelcast.socket.bind.any", "false");
    }
    network.setMemberEndpointConfig(endpoint);
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    join.getTcpIpConfig()
        .setEnabled(true)
        .setMembers(options.join())
        .setConnectionTimeoutSeconds(FirstClaim.askSeconds(options));
    // Waiting for more joiners delays each by seconds and only saves a few migrations.
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
  }

  private static void failureDetection(Config config, MemberOptions options) {
    config.setProperty(
        "hazelcast.heartbeat.interval.seconds", Integer.toString(options.heartbeatSeconds()));
    config.setProperty(
        "hazelcast.max.no.heartbeat.seconds", Integer.toString(options.silenceSecondsMax()));
    // When two nodes do not hear each other and all others hear both, the fewest nodes that let all
    // hear each other have to go; decided so many heartbeats after the first complaint.
    config.setProperty("hazelcast.partial.member.disconnection.resolution.heartbeat.count", "2");
    // Else a write whose backup never answered reports success.
    config.setProperty("hazelcast.operation.fail.on.indeterminate.state", "true");
    // While partitions move an acknowledgement of a backup can get lost; then the write is
    // repeated.
    config.setProperty("hazelcast.operation.backup.timeout.millis", "2000");
    config.setProperty("hazelcast.merge.first.run.delay.seconds", "10");
    config.setProperty("hazelcast.merge.next.run.delay.seconds", "5");
  }

  /** Hazelcast's own number of threads suits its own clients and listeners, which we have not. */
  private static void threads(Config config) {
    int cores = Runtime.getRuntime().availableProcessors();
    String io = Integer.toString(Math.max(1, Math.min(IO_THREADS_MAX, cores / 2)));
    config.setProperty("hazelcast.io.thread.count", io);
    if (cores <= 2) {
      // The lane hands steps over and waits for them: with two threads each tick wakes both.
      config.setProperty("hazelcast.operation.thread.count", "1");
    }
    config.setProperty("hazelcast.event.thread.count", "1");
  }

  private static InetAddress resolve(String host) {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new NodeStartException(
          "the bind address '" + host + "' is not an address of this machine: give one it has", e);
    }
  }
}
