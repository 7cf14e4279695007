package dev.limpet.examples.docker;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.Network.Ipam;
import java.util.concurrent.ThreadLocalRandom;
import org.testcontainers.containers.Network;

/**
 * The network between the nodes. Internal: nothing of it is published; with a subnet of its own, so
 * that a node that was cut off comes back with its address. Immutable.
 *
 * @param network exists
 * @param prefix of its addresses, all but the last number
 */
record PeerNetwork(Network network, String prefix) implements AutoCloseable {

  private static final int ATTEMPTS_MAX = 5;

  /** Takes a subnet that nobody has. */
  static PeerNetwork create() {
    for (int attempt = 1; ; attempt++) {
      String prefix = "10." + ThreadLocalRandom.current().nextInt(64, 192) + ".83.";
      try {
        Network network = network(prefix + "0/24");
        network.getId();
        return new PeerNetwork(network, prefix);
      } catch (DockerException e) {
        if (attempt == ATTEMPTS_MAX) {
          throw e;
        }
      }
    }
  }

  private static Network network(String subnet) {
    Ipam ipam = new Ipam().withConfig(new Ipam.Config().withSubnet(subnet));
    return Network.builder()
        .createNetworkCmdModifier(create -> create.withInternal(true).withIpam(ipam))
        .build();
  }

  /**
   * An address in the network.
   *
   * @param host 2 to 254
   */
  String address(int host) {
    return prefix + host;
  }

  @Override
  public void close() {
    network.close();
  }
}
